#include "completion.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace approvekit::tools {
namespace {

/// A command with the words that lead to it, and with the options of its parent commands.
struct Place {
    std::string path;  ///< " audit verify"; empty for the tool itself
    const CommandText* command;
    std::vector<const OptionText*> options;
};

void collect(const CommandText& command, const std::string& path, std::vector<const OptionText*> options,
             std::vector<Place>& places) {
    for (const OptionText& option : command.options) {
        const auto has_its_name = [&](const OptionText* other) { return other->names == option.names; };
        if (std::none_of(options.begin(), options.end(), has_its_name)) options.push_back(&option);
    }
    places.push_back({path, &command, options});
    for (const CommandText& inner : command.commands)
        collect(inner, path + " " + inner.name, options, places);
}

std::vector<Place> places_of(const CommandText& tool) {
    std::vector<Place> places;
    collect(tool, "", {}, places);
    return places;
}

std::vector<const OptionText*> every_option(const std::vector<Place>& places) {
    std::vector<const OptionText*> all;
    for (const Place& place : places) {
        for (const OptionText* const option : place.options)
            if (std::find(all.begin(), all.end(), option) == all.end()) all.push_back(option);
    }
    return all;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string text;
    for (const std::string& word : words)
        text.append(text.empty() ? "" : between).append(word);
    return text;
}

/// Escaped for single quotes, in which all three shells keep every other character as it is.
std::string in_quotes(const std::string& text) {
    std::string quoted = "'";
    for (const char letter : text)
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

bool asks_for(const CommandText& command, std::string_view argument) {
    return std::any_of(command.arguments.begin(), command.arguments.end(), [&](const OptionText& text) {
        return text.names.front() == argument || text.value == argument;
    });
}

std::string identifier_of(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

/// A command line that prints the ids of waiting requests in `$db`, one per line; all three shells understand it. It
/// prints only ids without special characters of shells, since another program may have stored others, and bash expands
/// the words that it offers.
std::string waiting_ids(const CommandText& tool) {
    return tool.name +
           R"( --db "$db" list --limit 200 --json 2>/dev/null | grep -oE '"id":"[A-Za-z0-9_-]+"' | cut -d'"' -f4)";
}

/// "--db|--key": the options whose next word is a value and not a command.
std::string with_value(const std::vector<const OptionText*>& options, const char* between) {
    std::vector<std::string> names;
    for (const OptionText* const option : options)
        if (option->takes_value()) names.insert(names.end(), option->names.begin(), option->names.end());
    return joined(names, between);
}

/// Shell patterns of the option in the command at `path` and in its subcommands, since two commands may use the same
/// name for options with different values.
std::string bash_pattern(const std::string& path, const OptionText& option) {
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) {
        patterns.push_back((path.empty() ? "*:" : "'" + path + "':") + name);
        if (!path.empty()) patterns.push_back("'" + path + " '*:" + name);
    }
    return joined(patterns, "|");
}

/// What bash offers after each option: files, its choices, or nothing. The innermost command comes first.
std::string bash_values(const std::vector<Place>& places) {
    std::string cases;
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        for (const OptionText& option : place->command->options) {
            if (!option.takes_value()) continue;
            cases += "    " + bash_pattern(place->path, option) + ") ";
            if (!option.choices.empty())
                cases += "COMPREPLY=($(compgen -W '" + joined(option.choices, " ") + "' -- \"$cur\")); ";
            else if (option.takes_file())
                cases += "COMPREPLY=($(compgen -f -- \"$cur\")); ";
            cases += "return ;;\n";
        }
    }
    return cases;
}

std::string bash_words(const Place& place) {
    std::vector<std::string> words;
    for (const CommandText& command : place.command->commands)
        words.push_back(command.name);
    for (const OptionText* const option : place.options)
        words.push_back(option->names.back());
    return joined(words, " ");
}

std::string bash_completion(const CommandText& tool) {
    const auto places = places_of(tool);
    const auto options = every_option(places);
    const std::string function = "_" + identifier_of(tool.name);
    std::ostringstream script;
    std::vector<std::string> paths;
    for (const Place& place : places)
        if (!place.path.empty()) paths.push_back("' " + place.path.substr(1) + "'");
    script << "# Completes " << tool.name << " in bash.\n"
           << function << "() {\n"
           << "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= db=$APPROVEKIT_DB words= "
              "before=\n"
           << "  local word\n  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           << "    case $before in\n      --db) db=$word; before=; continue ;;\n      " << with_value(options, "|")
           << ") before=; continue ;;\n    esac\n    before=$word\n";
    if (!paths.empty())
        script << "    case \"$path $word\" in " << joined(paths, "|") << ") path=\"$path $word\" ;; esac\n";
    script << "  done\n  case \"$path:$prev\" in\n" << bash_values(places) << "  esac\n  case $path in\n";
    for (const Place& place : places) {
        script << "    '" << place.path << "') words='" << bash_words(place) << "'";
        if (asks_for(*place.command, "ID")) script << "; [ -n \"$db\" ] && words+=\" $(" << waiting_ids(tool) << ")\"";
        if (asks_for(*place.command, "FILE")) script << "; COMPREPLY=($(compgen -f -- \"$cur\"))";
        script << " ;;\n";
    }
    script << "  esac\n  COMPREPLY+=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
           << "complete -o filenames -F " << function << ' ' << tool.name << '\n';
    return script.str();
}

std::string zsh_option(const OptionText& option) {
    const auto escaped = [](std::string text) {
        for (std::size_t at = 0; (at = text.find_first_of("[]:\\", at)) != std::string::npos; at += 2)
            text.insert(at, "\\");
        return text;
    };
    std::string action;
    if (option.takes_value()) {
        action = ":" + escaped(option.value) + ":";
        if (!option.choices.empty())
            action += "(" + joined(option.choices, " ") + ")";
        else if (option.takes_file())
            action += "_files";
    }
    return in_quotes((option.repeats ? "*" : "") + option.names.back() + "[" + escaped(option.description) + "]" +
                     action);
}

std::string zsh_argument(const CommandText& command) {
    if (asks_for(command, "ID")) return " '*:id:_approvekit_ids'";
    if (asks_for(command, "FILE")) return " '*:file:_files'";
    return "";
}

void add_zsh_function(std::ostream& script, const Place& place, const std::string& function) {
    script << function << "() {\n";
    if (!place.command->commands.empty()) {
        script << "  local state\n  local -a commands=(\n";
        for (const CommandText& inner : place.command->commands)
            script << "    " << in_quotes(inner.name + ":" + inner.description) << '\n';
        script << "  )\n";
    }
    script << "  _arguments -C";
    for (const OptionText* const option : place.options)
        script << " \\\n    " << zsh_option(*option);
    if (place.command->commands.empty()) {
        script << zsh_argument(*place.command) << "\n}\n";
        return;
    }
    script << " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n    command) _describe command commands ;;\n"
           << "    rest) case $words[1] in\n";
    for (const CommandText& inner : place.command->commands)
        script << "      " << inner.name << ") " << function << '_' << inner.name << " ;;\n";
    script << "    esac ;;\n  esac\n}\n";
}

std::string zsh_completion(const CommandText& tool) {
    std::ostringstream script;
    const std::string function = "_" + identifier_of(tool.name);
    script << "#compdef " << tool.name
           << "\n\n# The line as it was typed: a command's own words do not hold what stands before it.\n"
           << "_approvekit_ids() {\n  local db=$APPROVEKIT_DB\n"
           << "  [[ $BUFFER =~ '--db[= ]+([^ ]+)' ]] && db=$match[1]\n"
           << "  [[ -n $db ]] && compadd -- ${(f)\"$(" << waiting_ids(tool) << ")\"}\n}\n";
    for (const Place& place : places_of(tool)) {
        std::string name = function + place.path;
        std::replace(name.begin(), name.end(), ' ', '_');
        add_zsh_function(script, place, name);
    }
    script << "compdef " << function << ' ' << tool.name << '\n';
    return script.str();
}

std::string fish_condition(const std::string& path) {
    return path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from" + path.substr(path.rfind(' '));
}

std::string fish_completion(const CommandText& tool) {
    std::ostringstream script;
    const std::string start = "complete -c " + tool.name;
    script << "# Completes " << tool.name << " in fish.\n"
           << "function __approvekit_ids\n  set -l db $APPROVEKIT_DB\n"
           << "  set -l named (string match -rg -- '--db[= ]+(\\S+)' (commandline))\n"
           << "  test -n \"$named\"; and set db $named\n  test -n \"$db\"; and " << waiting_ids(tool) << "\nend\n"
           << start << " -f\n";
    for (const Place& place : places_of(tool)) {
        const std::string condition = " -n " + in_quotes(fish_condition(place.path));
        for (const CommandText& inner : place.command->commands)
            script << start << condition << " -a " << inner.name << " -d " << in_quotes(inner.description) << '\n';
        for (const OptionText& option : place.command->options) {
            script << start << (place.path.empty() ? "" : condition) << " -l " << option.names.back().substr(2);
            if (!option.choices.empty())
                script << " -xa " << in_quotes(joined(option.choices, " "));
            else if (option.takes_file())
                script << " -rF";
            else if (option.takes_value())
                script << " -x";
            script << " -d " << in_quotes(option.description) << '\n';
        }
        if (asks_for(*place.command, "ID")) script << start << condition << " -a '(__approvekit_ids)'\n";
        if (asks_for(*place.command, "FILE")) script << "complete -c " << tool.name << condition << " -F\n";
    }
    return script.str();
}

}  // namespace

std::string completion_for(const CommandText& tool, std::string_view shell) {
    if (shell == "bash") return bash_completion(tool);
    return shell == "zsh" ? zsh_completion(tool) : fish_completion(tool);
}

}  // namespace approvekit::tools
