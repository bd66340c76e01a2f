/**
 * Scripts by which shells complete commands, options and their values, from the same tables as the
 * help.
 */
import type { Command, Commands } from "./command.ts";
import type { Option } from "./options.ts";
import { COMMON_OPTIONS } from "./options.ts";

/** The scripts' makers, by shell. */
export const SHELLS: Readonly<Record<"bash" | "zsh" | "fish", (commands: Commands) => string>> = {
  bash: completeInBash,
  zsh: completeInZsh,
  fish: completeInFish,
};

interface CompletedOption {
  readonly name: string;
  readonly description: string;
  /** What its value may be: names, a file or folder, anything, or no value. */
  readonly value: readonly string[] | "path" | "any" | "none";
}

function optionsOf(command: Command): CompletedOption[] {
  return Object.entries({ ...command.options, ...COMMON_OPTIONS })
    .map(([name, option]) => ({ name, description: option.description, value: valueOf(option) }));
}

function valueOf({ placeholder }: Option<unknown>): CompletedOption["value"] {
  if (placeholder === "") return "none";
  if (placeholder === "FILE" || placeholder === "DIR") return "path";
  if (!/^[^A-Z/]+\|/.test(placeholder)) return "any";
  return placeholder.split("|").filter((name) => name !== "FILE");
}

/** Names that follow a command without dashes: those of commands after help, of shells after this. */
function positionalsOf(name: string, commands: Commands): readonly string[] {
  if (name === "help") return Object.keys(commands);
  return name === "completion" ? Object.keys(SHELLS) : [];
}

function completeInBash(commands: Commands): string {
  const names = Object.keys(commands);
  const values = names.flatMap((name) =>
    optionsOf(commands[name]!).flatMap((option) =>
      option.value === "none" ? [] : [
        `    "${name} --${option.name}") ${
          Array.isArray(option.value)
            ? `COMPREPLY=($(compgen -W "${option.value.join(" ")}" -- "$cur"))`
            : option.value === "path"
            ? 'COMPREPLY=($(compgen -f -- "$cur"))'
            : "COMPREPLY=()"
        }; return ;;`,
      ]
    )
  );
  const options = names.map((name) => {
    const words = [
      ...optionsOf(commands[name]!).map((option) => `--${option.name}`),
      ...positionalsOf(name, commands),
    ];
    return `    ${name}) COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur")) ;;`;
  });
  return `# terse completion bash > ~/.local/share/bash-completion/completions/terse
_terse() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  # Bash takes --name=value apart.
  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${names.join(" ")} --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]} $prev" in
${values.join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
${options.join("\n")}
  esac
}
complete -F _terse terse`;
}

function completeInZsh(commands: Commands): string {
  const escape = (text: string) => text.replace(/[[\]:\\]/g, "\\$&").replaceAll("'", "'\\''");
  const actions = { path: ":value:_files", any: ":value: ", none: "" };
  const describeValue = ({ value }: CompletedOption) =>
    typeof value === "string" ? actions[value] : `:value:(${value.join(" ")})`;
  const cases = Object.entries(commands).map(([name, command]) => {
    const specs = optionsOf(command).map((option) => {
      const equals = option.value === "none" ? "" : "=";
      return `'--${option.name}${equals}[${escape(option.description)}]${describeValue(option)}'`;
    });
    const words = positionalsOf(name, commands);
    if (words.length > 0) specs.push(`'1:name:(${words.join(" ")})'`);
    return `    ${name}) _arguments ${specs.join(" \\\n      ")} ;;`;
  });
  const names = Object.entries(commands)
    .map(([name, { summary }]) => `    '${name}:${escape(summary)}'`);
  return `#compdef terse
# terse completion zsh > ~/.zfunc/_terse, with fpath+=~/.zfunc before compinit in ~/.zshrc
_terse() {
  local -a commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local name=$words[2]
  shift words; (( CURRENT-- ))
  case $name in
${cases.join("\n")}
  esac
}
if [[ $funcstack[1] == _terse ]]; then _terse "$@"; else compdef _terse terse; fi`;
}

function completeInFish(commands: Commands): string {
  const quote = (text: string) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = Object.entries(commands).flatMap(([name, command]) => {
    const on = `complete -c terse -n '__fish_seen_subcommand_from ${name}'`;
    const words = positionalsOf(name, commands);
    return [
      `complete -c terse -n __fish_use_subcommand -f -a ${name} -d ${quote(command.summary)}`,
      ...optionsOf(command).map(({ name, description, value }) => {
        const kinds = { path: "-r", any: "-x", none: "-f" };
        const kind = typeof value === "string" ? kinds[value] : `-x -a ${quote(value.join(" "))}`;
        return `${on} -l ${name} ${kind} -d ${quote(description)}`;
      }),
      ...words.length > 0 ? [`${on} -f -a ${quote(words.join(" "))}`] : [],
    ];
  });
  return `# terse completion fish > ~/.config/fish/completions/terse.fish\n${lines.join("\n")}`;
}
