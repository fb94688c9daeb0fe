#pragma once

#include "answer_words.hpp"
#include "approvekit/open_storage.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "audit_options.hpp"
#include "database_commands.hpp"
#include "grant_commands.hpp"
#include "key_options.hpp"
#include "keygen.hpp"
#include "policy_commands.hpp"
#include "reviewers_commands.hpp"
#include "stop_commands.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::tools {

inline constexpr std::string_view review_program = "approvekit-review";

/// The options of approvekit-review.
struct ReviewArguments {
    std::string database;
    bool names_database = false;  ///< by --db, and not only by the environment
    KeyOptions key;
    Keygen keygen;
    CheckOptions check;
    bool share = false;
    bool json = false;
    std::string status = "pending";
    std::size_t limit = 50;
    std::string cursor;
    std::vector<std::string> ids;
    std::string notes;
    std::vector<std::string> seen;
    std::vector<std::string> settings;
    AnswerWords answer;
    std::string request;
    std::string format = "jsonl";
    std::string policy;
    std::string since;
    StopCommands stops;
    DatabaseCommands database_commands;
    StopCommands::Command stop_command = StopCommands::Command::list;
    GrantCommands grants;
    GrantCommands::Command grant_command = GrantCommands::Command::list;
    RecordOptions record;
    ArchiveCommands archives;
    PolicyCommands policy_commands;
    PolicyCommands::Command policy_command = nullptr;
    ReviewersCommands reviewers;
    ReviewersCommands::Command reviewers_command = nullptr;
};

/// Whether --db is among the words; the environment can also set its value.
[[nodiscard]] bool names_database(int count, const char* const* words);

/// Opens the record that the command line names. Throws Error (invalid_option) if it names none, and what opening
/// throws.
[[nodiscard]] OpenedStorage open_record(const ReviewArguments& arguments, Missing missing,
                                        Access access = Access::write);
/// The same, without saying whether it was created.
[[nodiscard]] std::shared_ptr<Storage> open(const ReviewArguments& arguments, Missing missing,
                                            Access access = Access::write);

/// The display options for this terminal and the requested output format.
[[nodiscard]] TerminalReviewer::Options screen_of(const ReviewArguments& arguments);
[[nodiscard]] TerminalReviewer at_terminal(Reviewer reviewer, const ReviewArguments& arguments);

/// For commands that only read.
[[nodiscard]] TerminalReviewer reader(const ReviewArguments& arguments);

/// For commands that decide or sign, in the reviewer's name and with the reviewer's key.
[[nodiscard]] TerminalReviewer decider(const ReviewArguments& arguments, Access access = Access::write);

}  // namespace approvekit::tools
