#include "review_arguments.hpp"

#include "approvekit/error.hpp"
#include "terminal_window.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

namespace approvekit::tools {

bool names_database(int count, const char* const* words) {
    return std::any_of(words, words + count,
                       [](std::string_view word) { return word == "--db" || word.starts_with("--db="); });
}

OpenedStorage open_record(const ReviewArguments& arguments, Missing missing, Access access) {
    if (arguments.database.empty()) {
        throw Error(ErrorCode::invalid_option, "which database? Name it with --db FILE, before or after the command");
    }
    OpenOptions options;
    options.missing = missing;
    options.access = access;
    if (arguments.share) options.sharing = Sharing::open;
    return open_storage(arguments.database, options);
}

std::shared_ptr<Storage> open(const ReviewArguments& arguments, Missing missing, Access access) {
    return open_record(arguments, missing, access).storage;
}

TerminalReviewer::Options screen_of(const ReviewArguments& arguments) {
    TerminalReviewer::Options options;
    options.json = arguments.json;
    options.colours = wants_colours();
    options.unicode = reads_unicode();
    options.columns = window_columns;
    options.rows = window_rows;
    return options;
}

TerminalReviewer at_terminal(Reviewer reviewer, const ReviewArguments& arguments) {
    return {std::move(reviewer), std::cout, screen_of(arguments)};
}

TerminalReviewer reader(const ReviewArguments& arguments) {
    return at_terminal(Reviewer(open(arguments, Missing::refuse, Access::read), login_name(), "terminal"), arguments);
}

TerminalReviewer decider(const ReviewArguments& arguments, Access access) {
    auto storage = open(arguments, Missing::refuse, access);
    return at_terminal(arguments.key.decider().on(std::move(storage), "terminal"), arguments);
}

}  // namespace approvekit::tools
