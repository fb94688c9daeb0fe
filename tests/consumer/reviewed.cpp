// An agent of another project that serves the review page itself and lists waiting requests in its terminal.

#include <approvekit/sqlite_storage.hpp>
#include <approvekit/terminal_reviewer.hpp>
#include <approvekit/web_reviewer.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

int main(int, char** arguments) {
    const std::filesystem::path database = std::string(arguments[0]) + ".db";
    std::filesystem::remove(database);
    const auto storage = std::make_shared<approvekit::SqliteStorage>(database);

    approvekit::WebReviewer::Options options;
    options.port = 0;
    approvekit::WebReviewer page(approvekit::Reviewer(storage, "ada", "web"), options);
    page.start();
    approvekit::TerminalReviewer(approvekit::Reviewer(storage, "ada", "terminal"), std::cout, {}).list();
    std::cout << "serving " << page.address() << '\n';
    return page.port() != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
