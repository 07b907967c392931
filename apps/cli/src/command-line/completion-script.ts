import { ASKING, FILES } from './asking.ts'
import type { Shell } from './shells.ts'

/**
 * What makes a shell ask this program, as `qdrant-loader`, for what fits at the cursor. The answer is a line for each
 * word: the word, a tab, and what it means; or {@link FILES}.
 */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell]
}

// Bash of macOS is 3.2. It takes `--flag=value` for three words, and completes the last of them.
const BASH = `# qdrant-loader: completion for bash. In ~/.bashrc:  source <(qdrant-loader completion bash)
_qdrant_loader_complete() {
  local word value meaning count=0 prefix='' words=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    count=\${#words[@]}
    if ((count > 0)) && [[ "\${words[count - 1]}" == --* ]] && [[ $word == = || "\${words[count - 1]}" == *= ]]; then
      words[count - 1]+=$word
    else
      words+=("$word")
    fi
  done
  count=\${#words[@]}
  word=\${words[count - 1]}
  [[ $word == --*=* ]] && prefix=\${word%%=*}=
  COMPREPLY=()
  while IFS=$'\\t' read -r value meaning; do
    if [[ $value == ${FILES} ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "\${word#"$prefix"}")
    else
      COMPREPLY+=("$(printf '%q' "\${value#"$prefix"}")")
    fi
  done < <(qdrant-loader ${ASKING} "\${words[@]}" 2>/dev/null)
}
complete -F _qdrant_loader_complete qdrant-loader
`

const ZSH = `#compdef qdrant-loader
# qdrant-loader: completion for zsh. In ~/.zshrc, after compinit:  source <(qdrant-loader completion zsh)
_qdrant_loader() {
  local line
  local -a described
  for line in "\${(@f)$(qdrant-loader ${ASKING} "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == ${FILES} ]]; then
      compset -P '--*='
      _files
      return
    fi
    [[ -n $line ]] && described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#described )) && _describe -V 'qdrant-loader' described
}
if [[ $funcstack[1] == _qdrant_loader ]]; then
  _qdrant_loader "$@"
else
  compdef _qdrant_loader qdrant-loader
fi
`

const FISH = `# qdrant-loader: completion for fish. In ~/.config/fish/config.fish:  qdrant-loader completion fish | source
function __qdrant_loader_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    for line in (qdrant-loader ${ASKING} $words "$current" 2>/dev/null)
        if test "$line" = ${FILES}
            set -l parts (string match -r -- '^(--[^=]*=)?(.*)$' "$current")
            __fish_complete_path $parts[3]
        else
            echo $line
        end
    end
end
complete -c qdrant-loader -f -a '(__qdrant_loader_complete)'
`

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH }
