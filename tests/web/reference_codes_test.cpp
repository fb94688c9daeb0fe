// docs/http-api.md has the codes with which the server refuses: all of them, and no others.

#include "approvekit/error.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <utility>

using namespace approvekit;

namespace {

const std::filesystem::path project_of_codes = APPROVEKIT_PROJECT_DIRECTORY;

std::string text_with_codes(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

using Code = std::pair<std::string, std::string>;  // status, code

std::set<Code> codes_in_the_reference() {
    const std::string text = text_with_codes(project_of_codes / "docs" / "http-api.md");
    const std::regex row(R"(\n\| (\d{3}) \| ([^|]+) \|)");
    const std::regex name("`([a-z_]+)`");
    std::set<Code> codes;
    for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) {
        const std::string names = (*at)[2];
        for (std::sregex_iterator code(names.begin(), names.end(), name); code != end; ++code)
            codes.insert({(*at)[1], (*code)[1]});
    }
    return codes;
}

std::set<Code> codes_in_the_sources() {
    const std::regex answer(R"re((\d{3}),\s*"([a-z_]+)")re");
    std::set<Code> codes;
    for (const auto& file : std::filesystem::directory_iterator(project_of_codes / "src" / "web")) {
        if (file.path().extension() != ".cpp") continue;
        const std::string text = text_with_codes(file.path());
        for (std::sregex_iterator at(text.begin(), text.end(), answer), end; at != end; ++at)
            codes.insert({(*at)[1], (*at)[2]});
    }
    return codes;
}

std::set<std::string> codes_of_the_library() {
    std::set<std::string> codes;
    for (int code = 0; code <= static_cast<int>(ErrorCode::server); ++code)
        codes.emplace(to_string(static_cast<ErrorCode>(code)));
    return codes;
}

}  // namespace

TEST_CASE("the reference lists every code that the server gives, and no other") {
    const std::set<Code> documented = codes_in_the_reference();
    const std::set<Code> given = codes_in_the_sources();
    const std::set<std::string> of_the_library = codes_of_the_library();
    for (const auto& [status, code] : given) {
        INFO(status << " " << code);
        CHECK(documented.contains({status, code}));
    }
    for (const auto& [status, code] : documented) {
        INFO(status << " " << code);
        CHECK((given.contains({status, code}) || of_the_library.contains(code)));
    }
}
