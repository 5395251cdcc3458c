import { VERSION } from '../version.js'
import { caseTables, type CaseSyntax } from './case-tables.js'
import type { CompletionModel, Offer } from './model.js'

/** A script for zsh 5: a file `_sotto` in a folder of $fpath, or read with `source`. */
export function zshScript(model: CompletionModel): string {
  const tables = caseTables(model, SYNTAX)
  return `#compdef sotto
# Completion of sotto ${VERSION} for zsh. Made by: sotto completion zsh

# What may follow the program's name, or a noun.
_sotto_words() {
  case $1 in
${tables.words}
    (*) found=() ;;
  esac
}

# The flags of a command.
_sotto_flags() {
  case $1 in
${tables.flags}
    (*) found=(${tables.globals}) ;;
  esac
}

# Where offers for the value of a flag come from; nothing for a flag that takes none.
_sotto_value() {
  case $1:$2 in
${tables.values}
    (*) found=() ;;
  esac
}

# The same for the argument at a place.
_sotto_place() {
  case $1:$2 in
${tables.places}
    (*) found=() ;;
  esac
}

${BODY.replace('@PASSED@', model.passed.join('|'))}`
}

const SYNTAX: CaseSyntax = {
  arm: (patterns, text) => `    (${patterns.join('|')}) found=(${text}) ;;`,
  offers: list,
}

/** `'word:what it does'` each, as _describe takes them. */
function list(offers: readonly Offer[]): string {
  return offers
    .map(
      ({ word, summary }) => `'${word.replaceAll(':', '\\:')}:${summary.replaceAll("'", "'\\''")}'`,
    )
    .join(' ')
}

// compadd quotes what it inserts, so that a name of somebody else's stays a word.
const BODY = String.raw`# Offers what a source has for a value.
_sotto_source() {
  local -a offers
  case ${'$'}{1:-any} in
    (words) compset -P '*,'; compadd -- "${'$'}{@:2}" ;;
    (file) _files ;;
    (any) _message 'value' ;;
    (*)
      offers=("${'$'}{(@f)$(sotto $passed __complete $1 -- ${'$'}{(Q)PREFIX} </dev/null 2>/dev/null)}")
      offers=(${'$'}{offers:#})
      (( $#offers )) && compadd -a offers
      ;;
  esac
}

_sotto() {
  local path_typed='' flag='' literal='' word
  local -i place=1
  local -a found passed
  for word in "${'$'}{(@Q)words[2,CURRENT-1]}"; do
    if [[ -n $flag ]]; then
      case $flag in (@PASSED@) passed+=("$flag" "$word") ;; esac
      flag=''
    elif [[ -z $literal && $word == -- ]]; then
      literal=1
    elif [[ -z $literal && $word == -* ]]; then
      _sotto_value "$path_typed" "$word"
      (( $#found )) && flag=$word
    else
      _sotto_words "$path_typed"
      if [[ $path_typed != *' '* && -n ${'$'}{found[(r)${'$'}{(b)word}:*]} ]]; then
        path_typed+=${'$'}{path_typed:+ }$word
      else
        place+=1
      fi
    fi
  done
  if [[ -n $flag ]]; then
    _sotto_value "$path_typed" "$flag"
    _sotto_source "${'$'}{found[@]}"
  elif [[ -z $literal && $PREFIX == --*=* ]]; then
    _sotto_value "$path_typed" "${'$'}{PREFIX%%=*}"
    compset -P '*='
    _sotto_source "${'$'}{found[@]}"
  elif [[ -z $literal && $PREFIX == -* ]]; then
    _sotto_flags "$path_typed"
    _describe -o flag found
  else
    _sotto_words "$path_typed"
    if (( $#found )); then
      _describe command found
    else
      _sotto_place "$path_typed" "$place"
      _sotto_source "${'$'}{found[@]}"
    fi
  fi
}

if [[ $funcstack[1] == _sotto ]]; then
  _sotto "$@"
else
  compdef _sotto sotto
fi
`
