import { VERSION } from '../version.js'
import { flagKeys } from './case-tables.js'
import type { CompletionModel, Offer, Source } from './model.js'

/** A script for fish 3: `~/.config/fish/completions/sotto.fish`. */
export function fishScript(model: CompletionModel): string {
  const { words, flags, values, places, passed } = model
  const globals = flags.get('') ?? []
  return `# Completion of sotto ${VERSION} for fish. Made by: sotto completion fish

# What may follow the program's name, or a noun: words, each with what it does.
function __sotto_words
    switch "$argv[1]"
${[...words].map(([noun, offers]) => arm([noun], list(offers))).join('\n')}
    end
end

# The flags of a command.
function __sotto_flags
    switch "$argv[1]"
${[...flags].flatMap(([path, own]) => (path === '' ? [] : [arm([path], list(own))])).join('\n')}
        case '*'
            ${list(globals)}
    end
end

# Where offers for the value of a flag come from; nothing for a flag that takes none.
function __sotto_value
    switch "$argv[1]:$argv[2]"
${values.map(({ path, names, source }) => arm(flagKeys(path, names), sourceText(source))).join('\n')}
    end
end

# The same for the argument at a place.
function __sotto_place
    switch "$argv[1]:$argv[2]"
${places.map(({ path, place, source }) => arm([`${path}:${place ?? '*'}`], sourceText(source))).join('\n')}
    end
end

${BODY.replace('@PASSED@', passed.join(' '))}`
}

function arm(keys: readonly string[], text: string): string {
  return `        case ${keys.map((key) => `'${key}'`).join(' ')}\n            ${text}`
}

function list(offers: readonly Offer[]): string {
  const rows = offers.map(({ word, summary }) => quoted(`${word}\t${summary}`))
  return `printf '%s\\n' ${rows.join(' ')}`
}

function sourceText(source: Source): string {
  const lines = typeof source === 'string' ? [source] : ['words', ...source]
  return `printf '%s\\n' ${lines.map(quoted).join(' ')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

// fish quotes what it inserts, so that a name of somebody else's stays a word.
const BODY = String.raw`# Prints what a source has for a value; what stands before it in the same word is kept.
function __sotto_source
    set -l before $argv[1]
    set -l value $argv[2]
    set -l source $argv[3..-1]
    switch "$source[1]"
        case words
            set before $before(string replace -r '[^,]*$' '' -- $value)
            printf '%s\n' $before$source[2..-1]
        case file
            __fish_complete_path $value
        case '' any
        case '*'
            set -l offers (sotto $__sotto_passed __complete $source[1] -- $value </dev/null 2>/dev/null)
            test (count $offers) -gt 0; and printf '%s\n' $before$offers
    end
end

function __sotto_complete
    set -l path ''
    set -l flag ''
    set -l literal ''
    set -l place 1
    set -g __sotto_passed
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    for word in $typed[2..-1]
        if test -n "$flag"
            contains -- $flag @PASSED@; and set -a __sotto_passed $flag $word
            set flag ''
        else if test -z "$literal"; and test "$word" = --
            set literal 1
        else if test -z "$literal"; and string match -q -- '-*' $word
            test -n "$(__sotto_value $path $word)"; and set flag $word
        else if not string match -q -- '* *' $path; and string match -q -- $word\t'*' (__sotto_words $path)
            set path (string trim -- "$path $word")
        else
            set place (math $place + 1)
        end
    end
    if test -n "$flag"
        __sotto_source '' "$current" (__sotto_value $path $flag)
    else if test -z "$literal"; and string match -q -- '--*=*' $current
        set -l parts (string split -m 1 = -- $current)
        __sotto_source $parts[1]= "$parts[2]" (__sotto_value $path $parts[1])
    else if test -z "$literal"; and string match -q -- '-*' $current
        __sotto_flags $path
    else
        set -l words (__sotto_words $path)
        if test (count $words) -gt 0
            printf '%s\n' $words
        else
            __sotto_source '' "$current" (__sotto_place $path $place)
        end
    end
end

complete -c sotto -f -a '(__sotto_complete)'
`
