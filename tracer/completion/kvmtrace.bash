# Completion of kvmtrace in bash 4.4 or newer: the program itself knows what a
# word may be (kvmtrace --complete; tracer/candidates.h says what it answers).

# What readline takes for words, _kvmtrace_words puts together again: it splits
# at = and : too. `starts` has where in COMP_WORDS each word begins.
_kvmtrace_words() {
	local rest=${COMP_LINE:0:COMP_POINT} blanks word i
	for ((i = 0; i <= COMP_CWORD; i++)); do
		blanks=${rest%%[![:blank:]]*}
		rest=${rest#"$blanks"}
		word=${COMP_WORDS[i]}
		((i < COMP_CWORD)) || word=$rest
		rest=${rest#"$word"}
		if ((i)) && [[ -z $blanks ]]; then
			words[-1]+=$word
		else
			words+=("$word")
			starts+=("$i")
		fi
	done
}

# The words of a program: its name, or what its own completion says.
_kvmtrace_program() {
	local index=$(($1 + 1))
	if ((index < ${#words[@]} - 1)); then
		if declare -F _comp_command_offset >/dev/null; then
			_comp_command_offset "${starts[index]}"
		elif declare -F _command_offset >/dev/null; then
			_command_offset "${starts[index]}"
		else
			compopt -o default
		fi
	elif [[ ${words[-1]} == */* ]]; then
		compopt -o default
	else
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY \
			< <(compgen -c -- "${words[-1]}")
	fi
}

_kvmtrace() {
	local words=() starts=() word about prefix=
	_kvmtrace_words
	COMPREPLY=()
	while IFS=$'\t' read -r word about; do
		case $word in
		:files) compopt -o default ;;
		:folders) compopt -o dirnames ;;
		:users)
			mapfile -t COMPREPLY < <(compgen -u -- "${words[-1]##*=}")
			return ;;
		:processes)
			mapfile -t COMPREPLY < <(cd /proc &&
				compgen -G "${words[-1]##*=}[0-9]*")
			return ;;
		:program*)
			_kvmtrace_program "${word#* }"
			return ;;
		*) COMPREPLY+=("$word") ;;
		esac
	done < <("${1/#\~/$HOME}" --complete "${words[@]:1}" 2>/dev/null)
	# Readline replaces only what is behind the last of its own breaks.
	[[ $COMP_WORDBREAKS == *:* ]] && prefix=${words[-1]%"${words[-1]##*:}"}
	[[ $COMP_WORDBREAKS == *=* && ${words[-1]#"$prefix"} == *=* ]] &&
		prefix=${words[-1]%"${words[-1]##*=}"}
	COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] &&
		compopt -o nospace
	return 0
}

complete -F _kvmtrace kvmtrace
