#include "capture/files.h"

#include <dirent.h>
#include <errno.h>
#include <linux/kcmp.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/log.h"

#define LINK_BYTES 128

/* <linux/miscdevice.h>: MISC_MAJOR, KVM_MINOR. */
#define KVM_DEVICE_MAJOR 10
#define KVM_DEVICE_MINOR 232

struct open_file {
	uint32_t id;
	uint32_t refs;
	uint32_t major, minor;
	bool adopted;
	const char *link;	/* of the registry */
};

/* What /proc says of one descriptor. */
struct probe {
	uint32_t major, minor;
	char link[LINK_BYTES];
};

struct file_link {
	struct file_link *next;
	char text[LINK_BYTES];
};

struct file_entry {
	int fd;
	struct open_file *file;
};

struct file_table {
	struct file_table *next;
	uint32_t refs;
	pid_t pid;		/* one that the table can be asked about */
	size_t count, capacity;
	uint64_t changes;
	struct file_entry *entries;
	char scratch[LINK_BYTES];	/* link of the last file not KVM's */
};

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		log_die("out of memory: %zu bytes", size);
	return memory;
}

struct file_table *file_table_new(struct file_registry *registry, pid_t pid)
{
	struct file_table *table = allocate(sizeof(*table));

	table->refs = 1;
	table->pid = pid;
	table->next = registry->tables;
	registry->tables = table;
	return table;
}

struct file_table *file_table_ref(struct file_table *table)
{
	table->refs++;
	return table;
}

static void file_unref(struct open_file *file)
{
	if (!--file->refs)
		free(file);
}

void file_table_unref(struct file_registry *registry, struct file_table *table)
{
	struct file_table **link = &registry->tables;

	if (--table->refs)
		return;
	while (*link != table)
		link = &(*link)->next;
	*link = table->next;
	for (size_t i = 0; i < table->count; i++)
		file_unref(table->entries[i].file);
	free(table->entries);
	free(table);
}

static struct file_entry *find_entry(const struct file_table *table, int fd)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->entries[i].fd == fd)
			return &table->entries[i];
	return NULL;
}

static void set_entry(struct file_table *table, int fd, struct open_file *file)
{
	file->refs++;
	file_table_remove(table, fd);
	if (table->count == table->capacity) {
		table->capacity = table->capacity ? 2 * table->capacity : 8;
		table->entries = realloc(table->entries, table->capacity *
					 sizeof(table->entries[0]));
		if (!table->entries)
			log_die("out of memory: %zu descriptors",
				table->capacity);
	}
	table->entries[table->count++] = (struct file_entry){ fd, file };
	table->changes++;
}

struct file_table *file_table_copy(struct file_table *table, pid_t pid)
{
	struct file_table *copy = allocate(sizeof(*copy));

	copy->refs = 1;
	copy->pid = pid;
	copy->next = table->next;
	table->next = copy;
	for (size_t i = 0; i < table->count; i++)
		set_entry(copy, table->entries[i].fd, table->entries[i].file);
	return copy;
}

void file_table_remove(struct file_table *table, int fd)
{
	struct file_entry *entry = find_entry(table, fd);

	if (!entry)
		return;
	file_unref(entry->file);
	table->count--;
	table->changes++;
	memmove(entry, entry + 1, (size_t)((table->entries + table->count) -
					   entry) * sizeof(*entry));
}

bool file_table_has(const struct file_table *table, int fd)
{
	return find_entry(table, fd) != NULL;
}

bool file_table_is_empty(const struct file_table *table)
{
	return table->count == 0;
}

int file_table_fd_at(const struct file_table *table, size_t index)
{
	return index < table->count ? table->entries[index].fd : -1;
}

uint32_t file_table_id_at(const struct file_table *table, size_t index)
{
	return index < table->count ? table->entries[index].file->id : 0;
}

uint64_t file_table_changes(const struct file_table *table)
{
	return table->changes;
}

void file_registry_done(struct file_registry *registry)
{
	while (registry->links) {
		struct file_link *link = registry->links;

		registry->links = link->next;
		free(link);
	}
}

/* Few texts serve all files: one for each kind, and one for each vCPU id. */
static const char *intern_link(struct file_registry *registry,
			       const char *text)
{
	struct file_link *link;

	for (link = registry->links; link; link = link->next)
		if (!strcmp(link->text, text))
			return link->text;
	link = allocate(sizeof(*link));
	memcpy(link->text, text, strlen(text) + 1);
	link->next = registry->links;
	registry->links = link;
	return link->text;
}

/* Ask /proc; -ENOENT when the descriptor is closed, or why it won't tell. */
static int probe_fd(pid_t tid, int fd, struct probe *ret)
{
	char path[64];
	struct stat info;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, fd);
	length = readlink(path, ret->link, sizeof(ret->link) - 1);
	if (length < 0)
		return -errno;
	ret->link[length] = '\0';
	ret->major = ret->minor = 0;
	if (ret->link[0] == '/' && !stat(path, &info) &&
	    S_ISCHR(info.st_mode)) {
		ret->major = major(info.st_rdev);
		ret->minor = minor(info.st_rdev);
	}
	return 0;
}

/*
 * Names that KVM gives its anonymous inodes: virt/kvm/kvm_main.c ("kvm-vm",
 * "kvm-vcpu:N", "kvm-vm-stats", devices by kvm_device_ops.name, "kvm-vfio"),
 * virt/kvm/guest_memfd.c ("[kvm-gmem]", since 6.18 "[guest_memfd]").
 */
static bool is_kvm(const struct probe *file)
{
	static const char *const prefixes[] = {
		"anon_inode:kvm-", "anon_inode:[kvm-",
		"anon_inode:[guest_memfd]", "anon_inode:guest_memfd",
	};

	if (file->major == KVM_DEVICE_MAJOR && file->minor == KVM_DEVICE_MINOR)
		return true;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(file->link, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static bool is_same_file(pid_t pid, int fd, pid_t tid, int other_fd)
{
	return syscall(SYS_kcmp, pid, tid, KCMP_FILE, fd, other_fd) == 0;
}

/* The known file that `fd` of `tid` is another descriptor of, or NULL. */
static struct open_file *find_twin(const struct file_registry *registry,
				   pid_t tid, int fd,
				   const struct probe *probed)
{
	for (const struct file_table *table = registry->tables; table;
	     table = table->next) {
		for (size_t i = 0; i < table->count; i++) {
			const struct file_entry *entry = &table->entries[i];

			if (!strcmp(entry->file->link, probed->link) &&
			    is_same_file(table->pid, entry->fd, tid, fd))
				return entry->file;
		}
	}
	return NULL;
}

static struct record_file describe(const struct open_file *file)
{
	return (struct record_file){
		.id = file->id, .major = file->major, .minor = file->minor,
		.link = file->link, .adopted = file->adopted,
	};
}

static const struct open_file *find_id(const struct file_table *table,
				       uint32_t id)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->entries[i].file->id == id)
			return table->entries[i].file;
	return NULL;
}

struct record_file file_registry_find(const struct file_registry *registry,
				      const struct file_table *table,
				      uint32_t id)
{
	const struct open_file *file = find_id(table, id);

	for (table = registry->tables; table && !file; table = table->next)
		file = find_id(table, id);
	return file ? describe(file) :
		(struct record_file){ .id = id, .link = "" };
}

static struct open_file *make_file(struct file_registry *registry,
				   const struct probe *probed, bool adopted)
{
	struct open_file *file = allocate(sizeof(*file));

	file->id = ++registry->last_id;
	file->major = probed->major;
	file->minor = probed->minor;
	file->adopted = adopted;
	file->link = intern_link(registry, probed->link);
	return file;
}

static struct open_file *enter_probed(struct file_registry *registry,
				      struct file_table *table, pid_t tid,
				      int fd, const struct probe *probed)
{
	struct open_file *file = find_twin(registry, tid, fd, probed);

	if (!file)
		file = make_file(registry, probed, true);
	set_entry(table, fd, file);
	return file;
}

struct record_file file_table_identify(struct file_registry *registry,
				       struct file_table *table, pid_t tid,
				       int fd)
{
	struct file_entry *entry = find_entry(table, fd);
	struct probe probed;
	int error;

	if (entry)
		return describe(entry->file);
	error = fd < 0 ? -ENOENT : probe_fd(tid, fd, &probed);
	if (error)
		return (struct record_file){ .error = error == -ENOENT ? 0
							: -error };
	if (is_kvm(&probed))
		return describe(enter_probed(registry, table, tid, fd,
					     &probed));
	memcpy(table->scratch, probed.link, sizeof(table->scratch));
	return (struct record_file){ .major = probed.major,
				     .minor = probed.minor,
				     .link = table->scratch };
}

struct record_file file_table_verify(struct file_registry *registry,
				     struct file_table *table, pid_t tid,
				     int fd)
{
	struct file_entry *entry = find_entry(table, fd);
	struct probe probed;

	if (entry && (probe_fd(tid, fd, &probed) ||
		      strcmp(probed.link, entry->file->link)))
		file_table_remove(table, fd);
	return file_table_identify(registry, table, tid, fd);
}

bool file_table_add_made(struct file_registry *registry,
			 struct file_table *table, pid_t tid, int fd,
			 struct record_file *ret_file)
{
	struct probe probed;
	struct open_file *file;

	file_table_remove(table, fd);
	if (probe_fd(tid, fd, &probed) || !is_kvm(&probed))
		return false;
	file = make_file(registry, &probed, false);
	set_entry(table, fd, file);
	*ret_file = describe(file);
	return true;
}

void file_table_dup(struct file_table *table, int fd, int new_fd)
{
	struct file_entry *entry = find_entry(table, fd);

	if (fd == new_fd)
		return;
	if (entry)
		set_entry(table, new_fd, entry->file);
	else
		file_table_remove(table, new_fd);
}

void file_table_prune(struct file_table *table, pid_t tid)
{
	size_t i = 0;

	while (i < table->count) {
		struct file_entry entry = table->entries[i];
		struct probe probed;

		if (!probe_fd(tid, entry.fd, &probed) &&
		    !strcmp(probed.link, entry.file->link))
			i++;
		else
			file_table_remove(table, entry.fd);
	}
}

void file_table_scan(struct file_registry *registry, struct file_table *table,
		     pid_t tid)
{
	char path[32];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)tid);
	directory = opendir(path);
	if (!directory)
		return;
	while ((entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			file_table_identify(registry, table, tid,
					    atoi(entry->d_name));
	closedir(directory);
}
