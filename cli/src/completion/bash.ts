import { VERSION } from '../version.js'
import { caseTables, type CaseSyntax } from './case-tables.js'
import type { CompletionModel, Offer } from './model.js'

/** A script for bash 3.2 and later, which needs no other. */
export function bashScript(model: CompletionModel): string {
  const tables = caseTables(model, SYNTAX)
  return `# Completion of sotto ${VERSION} for bash. Made by: sotto completion bash
# shellcheck shell=bash disable=SC2034

# What may follow the program's name, or a noun.
_sotto_words() {
  case $1 in
${tables.words}
    *) found='' ;;
  esac
}

# The flags of a command.
_sotto_flags() {
  case $1 in
${tables.flags}
    *) found='${tables.globals}' ;;
  esac
}

# Where offers for the value of a flag come from; nothing for a flag that takes none.
_sotto_value() {
  case $1:$2 in
${tables.values}
    *) found='' ;;
  esac
}

# The same for the argument at a place.
_sotto_place() {
  case $1:$2 in
${tables.places}
    *) found='' ;;
  esac
}

${BODY.replace('@PASSED@', model.passed.join(' | '))}`
}

const SYNTAX: CaseSyntax = {
  arm: (patterns, text) => `    ${patterns.join(' | ')}) found='${text}' ;;`,
  offers: list,
}

function list(offers: readonly Offer[]): string {
  return offers.map(({ word }) => word).join(' ')
}

const BODY = String.raw`# Splits what was typed, as the shell would: words, the one being typed (cur), its open quote.
_sotto_split() {
  local line=$1 char begun='' i
  cur='' open=''
  for ((i = 0; i < ${'$'}{#line}; i++)); do
    char=${'$'}{line:i:1}
    if [[ -n $open && $char == "$open" ]]; then
      open=''
    elif [[ $char == "\\" && $open != "'" ]]; then
      i=$((i + 1)) begun=1
      cur+=${'$'}{line:i:1}
    elif [[ -z $open && ( $char == "'" || $char == '"' ) ]]; then
      open=$char begun=1
    elif [[ -z $open && ( $char == ' ' || $char == $'\t' ) ]]; then
      [[ -n $begun$cur ]] && words+=("$cur")
      cur='' begun=''
    else
      cur+=$char
    fi
  done
}

# Offers the lines of a text that go on what is typed. Names are other people's: one that is no plain
# word is quoted, and left out where quoting cannot go on what stands there.
_sotto_offer() {
  local offer
  while IFS= read -r offer; do
    [[ -n $offer && $offer == "$cur"* ]] || continue
    if [[ $offer == *[!A-Za-z0-9@.:_,=+-]* ]]; then
      [[ -z $open ]] || continue
      printf -v offer %q "$offer"
    fi
    [[ $offer == "$strip"* ]] && COMPREPLY+=("${'$'}{offer#"$strip"}")
  done <<<"$1"
}

# Offers what a source has for a value; what stands before it in the same word is kept.
_sotto_source() {
  local source=$1 before=$2 value=$3 word text=''
  case $source in
    words\ *)
      before+=${'$'}{value%"${'$'}{value##*,}"}
      for word in ${'$'}{source#words }; do text+=$before$word$'\n'; done
      ;;
    file)
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do
        [[ -n $word ]] && COMPREPLY+=("$word")
      done <<<"$(compgen -f -- "$value")"
      return
      ;;
    '' | any) return ;;
    *)
      while IFS= read -r word; do text+=$before$word$'\n'; done <<<"$(
        sotto ${'$'}{passed[@]+"${'$'}{passed[@]}"} __complete "$source" -- "$value" </dev/null 2>/dev/null
      )"
      ;;
  esac
  _sotto_offer "$text"
}

_sotto() {
  local cur open strip='' path='' flag='' found='' literal='' place=1 word i
  local -a words=() passed=()
  COMPREPLY=()
  _sotto_split "${'$'}{COMP_LINE:0:COMP_POINT}"
  # Readline replaces only what stands behind the last of these, an @ included.
  for ((i = ${'$'}{#cur} - 1; i >= 0; i--)); do
    [[ -z $open && $COMP_WORDBREAKS == *"${'$'}{cur:i:1}"* ]] || continue
    strip=${'$'}{cur:0:i}
    [[ ${'$'}{cur:i:1} == @ ]] || strip+=${'$'}{cur:i:1}
    break
  done
  for word in "${'$'}{words[@]:1}"; do
    if [[ -n $flag ]]; then
      case $flag in @PASSED@) passed+=("$flag" "$word") ;; esac
      flag=''
    elif [[ -z $literal && $word == -- ]]; then
      literal=1
    elif [[ -z $literal && $word == -* ]]; then
      _sotto_value "$path" "$word"
      [[ -n $found ]] && flag=$word
    else
      _sotto_words "$path"
      if [[ " $found " == *" $word "* && $path != *' '* ]]; then
        path+=${'$'}{path:+ }$word
      else
        place=$((place + 1))
      fi
    fi
  done
  if [[ -n $flag ]]; then
    _sotto_value "$path" "$flag"
    _sotto_source "$found" '' "$cur"
  elif [[ -z $literal && $cur == --*=* ]]; then
    _sotto_value "$path" "${'$'}{cur%%=*}"
    _sotto_source "$found" "${'$'}{cur%%=*}=" "${'$'}{cur#*=}"
  elif [[ -z $literal && $cur == -* ]]; then
    _sotto_flags "$path"
    _sotto_offer "${'$'}{found// /$'\n'}"
  else
    _sotto_words "$path"
    if [[ -n $found ]]; then
      _sotto_offer "${'$'}{found// /$'\n'}"
    else
      _sotto_place "$path" "$place"
      _sotto_source "$found" '' "$cur"
    fi
  fi
}

complete -F _sotto sotto
`
