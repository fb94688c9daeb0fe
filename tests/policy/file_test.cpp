#include "approvekit/policy.hpp"

#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include "approvekit/error.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

std::filesystem::path written(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

std::string refusal_of(const std::filesystem::path& path) {
    try {
        (void)Policy::from_file(path);
    } catch (const PolicyError& error) {
        return error.what();
    }
    return "nothing was thrown";
}

}  // namespace

TEST_CASE("a policy file is read by its extension") {
    const TemporaryDirectory directory;
    const std::string yaml = "rules: [{tool: a}]\n";
    CHECK(Policy::from_file(written(directory / "p.yaml", yaml)).rules().size() == 1);
    CHECK(Policy::from_file(written(directory / "p.yml", yaml)).rules().size() == 1);
    CHECK(Policy::from_file(written(directory / "p.json", R"({"rules": [{"tool": "a"}]})")).rules().size() == 1);
    CHECK_THAT(refusal_of(written(directory / "q.json", yaml)), ContainsSubstring("q.json:1:1: this is not JSON"));
    for (const char* name : {"p", "p.txt", "p.yaml.bak", "p.toml", ".yaml", "p.YAML"}) {
        CHECK_THAT(refusal_of(written(directory / name, yaml)), ContainsSubstring("is of no known kind"));
    }
}

TEST_CASE("the errors of a file bear its path as it was given") {
    const TemporaryDirectory directory;
    const auto path = written(directory / "p.yaml", "rulez: []\nrules: []\n");
    CHECK(refusal_of(path) == path.string() + ":1:1: rulez: unknown key; did you mean \"rules\"?");
}

TEST_CASE("a file that is not there, or not to be read, is refused with the reason") {
    const TemporaryDirectory directory;
    CHECK_THAT(refusal_of(directory / "missing.yaml"), ContainsSubstring("cannot be read: No such file or directory"));
    CHECK_THAT(refusal_of(directory / "no" / "such.yaml"), ContainsSubstring("cannot be read"));
}

TEST_CASE("H44 only regular files are read, and nothing waits for a pipe's writer") {
    const TemporaryDirectory directory;
    std::filesystem::create_directory(directory / "directory.yaml");
    CHECK_THAT(refusal_of(directory / "directory.yaml"), ContainsSubstring("is not a regular file"));

    REQUIRE(::mkfifo((directory / "pipe.yaml").c_str(), 0600) == 0);
    CHECK_THAT(refusal_of(directory / "pipe.yaml"), ContainsSubstring("is not a regular file"));

    std::filesystem::create_symlink("/dev/zero", directory / "zero.yaml");
    CHECK_THAT(refusal_of(directory / "zero.yaml"), ContainsSubstring("is not a regular file"));
}

TEST_CASE("a policy may be reached through a symbolic link") {
    const TemporaryDirectory directory;
    written(directory / "real.yaml", "rules: []\n");
    std::filesystem::create_symlink("real.yaml", directory / "link.yaml");
    CHECK(Policy::from_file(directory / "link.yaml").rules().empty());
}

TEST_CASE("H44 a policy has 1 MiB at most") {
    const TemporaryDirectory directory;
    const std::string rules = R"({"rules": []})";
    const std::size_t most = std::size_t{1} << 20;
    CHECK(Policy::from_file(written(directory / "p.json", rules + std::string(most - rules.size(), ' ')))
              .rules()
              .empty());
    CHECK_THAT(refusal_of(written(directory / "p.json", rules + std::string(most - rules.size() + 1, ' '))),
               ContainsSubstring("is larger than a policy may be (1 MiB)"));
}
