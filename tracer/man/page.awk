# page.awk: a manual page from its template. Run as
#   awk -f page.awk -v kvmtrace=PROGRAM -v hv=PROGRAM -v version=N PAGE.in
# In a template, @VERSION@ is the version, and these lines stand for more:
#   @run PART        what `kvmtrace --man PART` prints, from its tables
#   @help            the options of `hv --help`
#   @markdown FILE   a document: paragraphs, lists, tables, examples. Its first
#                    heading is left out.

function fail(what)
{
	print "page.awk: " what | "cat >&2"
	failed = 1
	exit 1
}

# Markdown's marks as fonts; no line is broken within a word of code.
function dress(text,   count, parts, i, dressed)
{
	gsub(/\\/, "\\e", text)
	gsub(/…/, "...", text)
	gsub(/\*\*/, "`", text)
	text = unlink(text)
	count = split(text, parts, "`")
	dressed = parts[1]
	for (i = 2; i <= count; i++) {
		if (i % 2 == 0) {
			gsub(/-/, "\\-", parts[i])
			gsub(/[^ ]+/, "\\%&", parts[i])
		}
		dressed = dressed (i % 2 ? "\\fR" : "\\fB") parts[i]
	}
	gsub(/ -/, " \\-", dressed)
	return dressed
}

# [text](address) is text: the address is of the source tree.
function unlink(text,   link, before, behind)
{
	while (match(text, /\[[^][]*\]\([^)]*\)/)) {
		before = substr(text, 1, RSTART - 1)
		behind = substr(text, RSTART + RLENGTH)
		link = substr(text, RSTART + 1, RLENGTH - 1)
		sub(/\].*/, "", link)
		text = before link behind
	}
	return text
}

# A sentence a line, as roff wants it, and no line that looks like a request.
function put(text,   count, words, i, line)
{
	count = split(dress(text), words, " ")
	for (i = 1; i <= count; i++) {
		line = line == "" ? words[i] : line " " words[i]
		if (i == count || length(line " " words[i + 1]) > 75 ||
		    (words[i] ~ /[.:?!]$/ && words[i + 1] ~ /^[A-Z]/)) {
			print (line ~ /^[.']/ ? "\\&" : "") line
			line = ""
		}
	}
}

# What has been gathered of a paragraph or an item.
function flush()
{
	if (text != "")
		put(text)
	text = ""
}

# Begin a block: the one before it ends.
function enter(kind)
{
	flush()
	if (block == kind)
		return
	if (block == "list" || block == "table")
		print ".El"
	if (block == "code")
		print ".Ed"
	if (kind == "list")
		print ".Bl -bullet"
	if (kind == "table")
		print ".Bl -tag -width Ds"
	if (kind == "code")
		print ".Bd -literal -offset indent"
	block = kind
}

function cut(line, cells)
{
	sub(/^\| */, "", line)
	sub(/ *\|$/, "", line)
	return split(line, cells, / *\| */)
}

# The first cell is the tag. The text is the column without a heading, else the
# second; the others are facts, and stand in parentheses.
function row(line,   count, cells, i, main, facts)
{
	count = cut(line, cells)
	main = heads[count] == "" ? count : 2
	for (i = 2; i <= count; i++)
		if (i != main)
			facts = facts (facts == "" ? "" : ", ") \
				(main == 2 ? heads[i] " " : "") cells[i]
	print ".It " dress(cells[1])
	facts = facts == "" ? "" : "(" facts ")"
	put(main == 2 ? cells[2] " " facts : facts " " cells[main])
}

function heading(line)
{
	enter("")
	sub(/^#+ /, "", line)
	gsub(/`/, "", line)
	print ".Ss " line
	is_fresh = 1
}

function paragraph(line)
{
	if (block != "text" || text == "") {
		enter("text")
		if (!is_fresh)
			print ".Pp"
		is_fresh = 0
	}
	text = text " " line
}

function code(line)
{
	if (block != "code") {
		enter("code")
		is_fresh = 0
	}
	sub(/^    /, "", line)
	gsub(/\\/, "\\e", line)
	gsub(/-/, "\\-", line)
	print line
}

function markdown(file,   line, was_table, got)
{
	block = text = ""
	is_fresh = 1
	while ((got = (getline line <file)) > 0) {
		if (line ~ /^# /)
			continue
		else if (line ~ /^## /)
			heading(line)
		else if (line ~ /^\|[-|]*$/)
			was_table = 1
		else if (line ~ /^\|/ && was_table) {
			enter("table")
			row(line)
		} else if (line ~ /^\|/)
			continue
		else if (line ~ /^    / && block != "list")
			code(line)
		else if (line ~ /^- /) {
			enter("list")
			print ".It"
			text = substr(line, 3)
		} else if (line ~ /^ / && block == "list")
			text = text " " line
		else if (line == "") {
			flush()
			was_table = 0
		} else
			paragraph(line)
	}
	if (got < 0)
		fail("cannot read " file)
	enter("")
}

function run(part,   command, line, count)
{
	command = kvmtrace " --man " part
	while ((command | getline line) > 0) {
		print line
		count++
	}
	if (close(command) || !count)
		fail("failed: " command)
}

#   -m, --memory SIZE    such as 2M (default), 4096K, 1G
function help_row(line,   fields, argument)
{
	split(line, fields, " ")
	argument = fields[3] ~ /^[A-Z]+$/ ? " Ar " fields[3] : ""
	print ".It Fl " substr(fields[1], 2, 1) argument " , Fl \\-" \
		substr(fields[2], 3) argument
	sub(/^  -., --[a-z]+( [A-Z]+)? +/, "", line)
	put(line)
}

function help(   command, line, count)
{
	command = hv " --help"
	print ".Bl -tag -width Ds"
	while ((command | getline line) > 0)
		if (line ~ /^  -., --/) {
			help_row(line)
			count++
		}
	print ".El"
	if (close(command) || !count)
		fail("failed: " command)
}

{
	gsub(/@VERSION@/, version)
}
/^@run / {
	run($2)
	next
}
/^@help$/ {
	help()
	next
}
/^@markdown / {
	markdown($2)
	next
}
{
	print
}
END {
	exit failed
}
