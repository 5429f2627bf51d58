/*
 * Places in CPUID as people write them: leaf7, CPUID.7, CPUID.1:ECX,
 * CPUID.(EAX=07H,ECX=0):EBX, CPUID.80000001H:EDX.NX. The names of our families
 * ("CPUID 7.0 EBX") are such places too, and so one parser reads both.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "explain/internal.h"

/* A number of so many digits, the most there are, is hex anyway. */
#define HEX_DIGITS 8

struct place {
	uint32_t leaf;
	bool has_index;
	uint32_t index;
	char reg[4];		/* "EAX" …, or "" */
	const char *bit;	/* "NX", or "" */
};

static const char *skip_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	return strncasecmp(text, word, length) ? text : text + length;
}

static const char *skip_any(const char *text, const char *characters)
{
	return text + strspn(text, characters);
}

/* 7, 0x7, 07H, 0DH, d, 80000001; NULL: no number. */
static const char *parse_number(const char *text, uint32_t *ret_number)
{
	bool is_hex = !strncasecmp(text, "0x", 2);
	const char *digits = text + (is_hex ? 2 : 0);
	size_t length = strspn(digits, "0123456789abcdefABCDEF");
	bool has_suffix = digits[length] == 'H' || digits[length] == 'h';

	if (!length || length > HEX_DIGITS)
		return NULL;
	if (has_suffix || length == HEX_DIGITS ||
	    strspn(digits, "0123456789") < length)
		is_hex = true;
	*ret_number = (uint32_t)strtoull(digits, NULL, is_hex ? 16 : 10);
	return digits + length + has_suffix;
}

/* ".0", ",ECX=0": what selects one of several tables of a leaf. */
static const char *parse_index(const char *text, struct place *place)
{
	const char *at = skip_any(text, "., ");
	const char *end;

	if (at == text)
		return text;
	end = parse_number(skip_word(at, "ECX="), &place->index);
	if (!end || isalnum((unsigned char)*end))
		return text;	/* "EDX" begins with digits, too */
	place->has_index = true;
	return end;
}

static const char *parse_register(const char *text, struct place *place)
{
	static const char *const registers[] = { "EAX", "EBX", "ECX", "EDX" };

	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
		if (strncasecmp(text, registers[i], 3) ||
		    isalnum((unsigned char)text[3]))
			continue;
		strcpy(place->reg, registers[i]);
		return text + 3;
	}
	return text;
}

static bool parse_place(const char *text, struct place *ret_place)
{
	struct place place = { .bit = "" };
	const char *at = skip_word(text, "CPUID");

	at = skip_any(at, ".:_- ");
	at = skip_word(at, "leaf");
	if (at == text)
		return false;
	at = skip_word(skip_any(at, ".:_- ("), "EAX=");
	at = parse_number(at, &place.leaf);
	if (!at)
		return false;
	at = skip_any(parse_index(at, &place), ")");
	at = parse_register(skip_any(at, ".:_- "), &place);
	if (*place.reg && (*at == '.' || *at == ':') && at[1])
		place.bit = at + 1;
	else if (*at)
		return false;
	*ret_place = place;
	return true;
}

/* Is the family's register at that place, or one of those there? */
static bool is_there(const struct abi_names *names, const struct place *wanted)
{
	struct place place;

	return parse_place(names->family, &place) &&
	       place.leaf == wanted->leaf && *place.reg &&
	       (!*wanted->reg || !strcmp(place.reg, wanted->reg)) &&
	       (!wanted->has_index || !place.has_index ||
		place.index == wanted->index);
}

static unsigned int show_bits(struct explain_page *page,
			      const struct abi_names *names, const char *bit)
{
	unsigned int found = 0;

	for (size_t i = 0; i < names->count; i++) {
		if (strcasecmp(names->list[i].name, bit))
			continue;
		explain_show_constant(page, names, &names->list[i]);
		found++;
	}
	return found;
}

static unsigned int show_register(struct explain_page *page,
				  const struct abi_names *names,
				  const struct place *place)
{
	if (!is_there(names, place))
		return 0;
	if (*place->bit)
		return show_bits(page, names, place->bit);
	explain_show_family(page, names, true);
	return 1;
}

/* The leaf as a whole: its name, what KVM puts there, its registers. */
static unsigned int show_leaf(struct explain_page *page,
			      const struct abi_names *names, uint32_t leaf)
{
	unsigned int found = 0;

	if (strcmp(names->family, "CPUID leaves"))
		return 0;
	for (size_t i = 0; i < names->count; i++) {
		if (names->list[i].value != leaf)
			continue;
		explain_show_constant(page, names, &names->list[i]);
		found++;
	}
	return found;
}

static unsigned int find_places(struct explain_page *page,
				const struct explain_wanted *wanted)
{
	unsigned int found = 0;
	struct place place;

	if (wanted->is_number || !parse_place(wanted->name, &place))
		return 0;
	for (size_t i = 0; i < page->all->family_count; i++) {
		const struct abi_names *names = page->all->families[i];

		if (*place.reg)
			found += show_register(page, names, &place);
		else
			found += show_leaf(page, names, place.leaf);
	}
	return found;
}

/* Leaves and registers are offered by their families' names. */
static void offer_places(struct explain_near *near,
			 const struct explain_set *all)
{
	(void)near;
	(void)all;
}

const struct explain_kind explain_cpuid = { find_places, offer_places };
