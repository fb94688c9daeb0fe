// Tricks that pass a test of a path in other programs, and what happens to them here.

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

#include "policy/judged.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>

using namespace approvekit;
using approvekit::testing::truth_of_condition;
using approvekit::testing::truth_of_test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A folder "out" inside a separate folder, and the test that a path is within it.
struct Fenced {
    Fenced() { std::filesystem::create_directory(folder); }

    TemporaryDirectory directory;
    std::string folder = (std::filesystem::canonical(directory / ".") / "out").string();
    std::string inside = "{path: {under: [\"" + folder + "\"]}}";
};

}  // namespace

TEST_CASE("H103 a path that leads out with dots is not within") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/../x") == "false");
    std::filesystem::create_directory(fenced.folder + "/a");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/a/../../x") == "false");
    CHECK(truth_of_test(fenced.inside, "/etc/passwd") == "false");
}

TEST_CASE("H104 dots that leave the root are no path") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, "/../etc/passwd") == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/../../../../../../../../../../x") == "unknown");
}

TEST_CASE("H105 a link that leads out is not followed by its name") {
    const Fenced fenced;
    std::filesystem::create_symlink("/etc", fenced.folder + "/link");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/link/passwd") == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/link") == "unknown");
}

TEST_CASE("H106 a link to nowhere is no place within") {
    const Fenced fenced;
    std::filesystem::create_symlink("/tmp/not-there-yet", fenced.folder + "/dangling");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/dangling") == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/dangling/x") == "unknown");
}

TEST_CASE("H107 a loop of links is no place within") {
    const Fenced fenced;
    std::filesystem::create_symlink(fenced.folder + "/b", fenced.folder + "/a");
    std::filesystem::create_symlink(fenced.folder + "/a", fenced.folder + "/b");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/a/x") == "unknown");
}

TEST_CASE("H108 dots behind a link lead to where the link is") {
    const Fenced fenced;
    std::filesystem::create_directories(fenced.folder + "/deep/er");
    std::filesystem::create_symlink("/etc/ssl", fenced.folder + "/link");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/link/../passwd") == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/deep/er/../x") == "true");
}

TEST_CASE("H109 dots behind what does not exist are no path") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/new/../../x") == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/new/../x") == "unknown");
}

TEST_CASE("H110 a folder whose name begins alike is another one") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, fenced.folder + "put/x") == "false");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "-x") == "false");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/x") == "true");
    CHECK(truth_of_test(fenced.inside, fenced.folder) == "true");
}

TEST_CASE("H111 what is not absolute is no path") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, "x") == "unknown");
    CHECK(truth_of_test(fenced.inside, "./x") == "unknown");
    CHECK(truth_of_test(fenced.inside, "../x") == "unknown");
    CHECK(truth_of_test(fenced.inside, "~/x") == "unknown");
    CHECK(truth_of_test(fenced.inside, "") == "unknown");
    CHECK(truth_of_test(fenced.inside, "file:///work/out/x") == "unknown");
    CHECK(truth_of_test(fenced.inside, " /work/out") == "unknown");
}

TEST_CASE("H112 a name that some file systems take for the folder's own is not known") {
    const Fenced fenced;
    const std::string upper = std::filesystem::path(fenced.folder).parent_path().string() + "/OUT/x";
    CHECK(truth_of_test(fenced.inside, upper) == "unknown");
}

TEST_CASE("H113 empty steps and single dots change nothing") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, fenced.folder + "//x/./y/") == "true");
    CHECK(truth_of_test(fenced.inside, "/" + fenced.folder + "/x") == "true");
}

TEST_CASE("H114 a path with a NUL is none") {
    const Fenced fenced;
    CHECK(truth_of_test(fenced.inside, fenced.folder + std::string("/x\0/../../etc", 14)) == "unknown");
}

TEST_CASE("H115 a path that no system opens is not known") {
    const Fenced fenced;
    std::ofstream(fenced.folder + "/file") << "x";
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/file/x") == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/" + std::string(100'000, 'x')) == "unknown");
    CHECK(truth_of_test(fenced.inside, fenced.folder + "/file") == "true");
}

TEST_CASE("H116 a folder that is a link means where it leads") {
    const Fenced fenced;
    const std::string name = std::filesystem::path(fenced.folder).parent_path().string() + "/name";
    std::filesystem::create_directory_symlink(fenced.folder, name);
    const std::string by_link = "{path: {under: [\"" + name + "\"]}}";
    CHECK(truth_of_test(by_link, name + "/x") == "true");
    CHECK(truth_of_test(by_link, fenced.folder + "/x") == "true");
    CHECK(truth_of_test(by_link, "/etc/x") == "false");
}

TEST_CASE("H152 a path with marks upon marks is not told apart from a folder that it may be in") {
    std::string marks;
    for (int count = 0; count < 31; ++count)
        marks += "\u0301";
    const std::string test = "{path: {under: [\"/no/Gr\u00f6\u00dfe\"]}}";
    CHECK(truth_of_test(test, "/no/Gro\u0308\u00dfe/a" + marks) == "unknown");
    CHECK(truth_of_test(test, "/no/Gr\u00f6\u00dfe/a" + marks) == "true");
}
