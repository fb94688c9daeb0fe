#include "policy/command_suspicions.hpp"

#include "policy/document.hpp"
#include "policy/terms.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace approvekit::policy {
namespace {

// Programs that take another program as an argument or read one, and parts of shells that evaluate their arguments.
constexpr std::array runners = std::to_array<std::string_view>({
    "sh",        "bash",    "dash",     "zsh",     "ksh",       "mksh",        "csh",
    "tcsh",      "fish",    "rbash",    "busybox", "toybox",    "env",         "sudo",
    "doas",      "su",      "runuser",  "pkexec",  "setpriv",   "capsh",       "xargs",
    "parallel",  "find",    "fd",       "fdfind",  "nice",      "ionice",      "chrt",
    "taskset",   "nohup",   "setsid",   "stdbuf",  "time",      "timeout",     "watch",
    "flock",     "prlimit", "chroot",   "unshare", "nsenter",   "systemd-run", "start-stop-daemon",
    "run-parts", "strace",  "ltrace",   "gdb",     "lldb",      "script",      "expect",
    "screen",    "tmux",    "ssh",      "scp",     "sftp",      "rsync",       "eval",
    "exec",      "command", "builtin",  "source",  ".",         "trap",        "printf",
    "test",      "[",       "read",     "mapfile", "readarray", "declare",     "typeset",
    "local",     "export",  "readonly", "unset",   "let",       "alias",       "enable",
    "hash",      "awk",     "gawk",     "mawk",    "nawk",      "sed",         "perl",
    "python",    "ruby",    "node",     "nodejs",  "deno",      "bun",         "php",
    "lua",       "luajit",  "tclsh",    "guile",   "m4",        "git",         "tar",
    "bsdtar",    "zip",     "sort",     "split",   "make",      "cmake",       "ninja",
    "gcc",       "g++",     "cc",       "clang",   "go",        "cargo",       "npm",
    "npx",       "pip",     "pipx",     "docker",  "podman",    "kubectl",     "ip",
    "wget",      "curl",    "rg",       "vim",     "vi",        "view",        "nvim",
    "ex",        "ed",      "emacs",    "nano",    "less",      "more",        "man",
    "crontab",   "at",      "batch",    "sqlite3", "psql",      "mysql",
});

/// python3.11 is python.
bool runs_others(std::string_view program) {
    const auto is_known = [](std::string_view name) {
        return std::find(runners.begin(), runners.end(), name) != runners.end();
    };
    return is_known(program) || is_known(program.substr(0, program.find_last_not_of("0123456789.") + 1));
}

class Look {
public:
    Look(bool lets_run, bool lets_others_run) : lets_run_(lets_run), lets_others_run_(lets_others_run) {}

    /// `wanted`: whether the condition holds where these tests do. Recursion is safe: the depth of a document is
    /// limited when it is built.
    void at(const Json& value, bool wanted) {  // NOLINT(misc-no-recursion)
        if (value.is_array()) {
            for (const Json& part : value)
                at(part, wanted);
        } else if (value.is_object()) {
            for (const auto& [key, part] : value.items()) {
                if (key == "command" && part.is_object()) at_command(part, wanted);
                at(part, key == "not" ? !wanted : wanted);
            }
        }
    }

    std::vector<std::string> found;

private:
    void at_command(const Json& command, bool wanted) {
        const bool lists_allowed = lets_run_ && wanted;
        const bool lists_forbidden = lets_run_ ? !wanted : wanted && lets_others_run_;
        const bool names_programs = command.contains("programs_in");
        if (lists_allowed && !names_programs) {
            found.emplace_back("any program passes, sh -c and rm too; programs_in says which");
        } else if (lists_forbidden && names_programs) {
            found.emplace_back(
                "lists programs that are not to run, but env, nice and xargs run them too; list those that may run");
        } else if (lists_allowed) {
            at_programs(command["programs_in"]);
        }
    }

    void at_programs(const Json& programs) {
        for (const Json& program : programs) {
            const auto& name = program.get_ref<const std::string&>();
            if (runs_others(name))
                found.push_back(quote(name) +
                                " runs whatever programs its arguments name, so that this allows them all");
        }
    }

    bool lets_run_;
    bool lets_others_run_;
};

}  // namespace

std::vector<std::string> command_suspicions(const PolicyRule& rule, bool lets_others_run) {
    Look look(action_of(rule) == Action::allow || rule.observe, lets_others_run);
    look.at(rule.when, true);
    return std::move(look.found);
}

}  // namespace approvekit::policy
