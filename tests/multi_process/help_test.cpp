#include "support/catch.hpp"
#include "support/child_process.hpp"

#include <sstream>
#include <string>
#include <vector>

using approvekit::testing::run;

namespace {

void check_lines(const std::vector<std::string>& command) {
    CAPTURE(command);
    const auto help = run(command);
    CHECK(help.exit_code == 0);
    std::istringstream lines(help.output);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= 80);
    }
}

}  // namespace

TEST_CASE("H82 help fits a terminal of 80 columns, so that no word is broken") {
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{},
                                                                                         {"list"},
                                                                                         {"show"},
                                                                                         {"approve"},
                                                                                         {"reject"},
                                                                                         {"answer"},
                                                                                         {"watch"},
                                                                                         {"audit"},
                                                                                         {"audit", "verify"},
                                                                                         {"audit", "checkpoint"},
                                                                                         {"audit", "export"},
                                                                                         {"audit", "archive"},
                                                                                         {"audit", "hold"},
                                                                                         {"database", "copy"},
                                                                                         {"policy"},
                                                                                         {"policy", "check"},
                                                                                         {"policy", "explain"},
                                                                                         {"policy", "test"},
                                                                                         {"policy", "diff"},
                                                                                         {"policy", "replay"},
                                                                                         {"stats"},
                                                                                         {"keygen"},
                                                                                         {"invite"},
                                                                                         {"reviewers"},
                                                                                         {"reviewers", "list"},
                                                                                         {"reviewers", "remove"}}) {
        std::vector<std::string> words{APPROVEKIT_REVIEW};
        words.insert(words.end(), command.begin(), command.end());
        words.emplace_back("--help");
        check_lines(words);
    }
#ifdef APPROVEKIT_WEB
    check_lines({APPROVEKIT_WEB, "--help"});
#endif
}
