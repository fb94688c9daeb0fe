#include "sqlite/bell.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace approvekit;
using namespace approvekit::sqlite;

namespace {

/// Sets a umask, which restricts the permissions of new files; restores the old one at the end.
class Umask {
public:
    explicit Umask(::mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

private:
    ::mode_t before_;
};

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

std::string read_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

unsigned mode_of(const std::filesystem::path& path) {
    return static_cast<unsigned>(std::filesystem::status(path).permissions());
}

ErrorCode code_of_opening(const std::filesystem::path& database, BellAccess access) {
    try {
        const auto file = open_bell(database, access);
    } catch (const StorageError& error) {
        CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring(bell_path(database).string()));
        return error.code();
    }
    FAIL("the bell was opened");
    return {};
}

void check_refused(const std::filesystem::path& database) {
    CHECK(code_of_opening(database, BellAccess::write) == ErrorCode::unsafe_path);
    CHECK(code_of_opening(database, BellAccess::read) == ErrorCode::unsafe_path);
}

}  // namespace

TEST_CASE("The bell stands beside the database") {
    CHECK(bell_path("/data/approvals.db") == "/data/approvals.db-bell");
}

TEST_CASE("The first bell makes the file, private when there is no database yet") {
    const TemporaryDirectory directory;
    const Umask open_to_all(0);
    const Bell bell(directory / "a.db");
    CHECK(mode_of(directory / "a.db-bell") == 0600);
}

TEST_CASE("A new bell file is as private as the database, whatever the umask") {
    const TemporaryDirectory directory;
    write_file(directory / "a.db", "");
    const Umask strict(0077);
    const auto mode = GENERATE(0600U, 0660U, 0640U);
    REQUIRE(::chmod((directory / "a.db").c_str(), mode) == 0);
    const Bell bell(directory / "a.db");
    CHECK(mode_of(directory / "a.db-bell") == mode);
}

TEST_CASE("Ringing neither grows the file nor touches what stands behind its first byte") {
    const TemporaryDirectory directory;
    write_file(directory / "a.db-bell", "?and the leases");
    Bell bell(directory / "a.db");
    for (int i = 0; i < 1000; ++i)
        bell.ring();
    CHECK(read_file(directory / "a.db-bell") == ".and the leases");
}

TEST_CASE("Opening a missing bell for reading gives nothing and makes nothing") {
    const TemporaryDirectory directory;
    CHECK_FALSE(open_bell(directory / "a.db", BellAccess::read));
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("The bell is not passed on to programs that the agent starts") {
    const TemporaryDirectory directory;
    const auto file = open_bell(directory / "a.db", BellAccess::write);
    CHECK((::fcntl(file.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("H34 a bell that is a symbolic link is refused and its target left alone") {
    const TemporaryDirectory directory;
    write_file(directory / "letter", "dear all");
    std::filesystem::create_symlink(directory / "letter", directory / "a.db-bell");
    check_refused(directory / "a.db");
    CHECK(read_file(directory / "letter") == "dear all");
}

TEST_CASE("H34 a bell that is a dangling symbolic link is refused and its target not made") {
    const TemporaryDirectory directory;
    std::filesystem::create_symlink(directory / "letter", directory / "a.db-bell");
    check_refused(directory / "a.db");
    CHECK_FALSE(std::filesystem::exists(directory / "letter"));
}

TEST_CASE("H34 a bell that is a hard link to another file is refused and that file left alone") {
    const TemporaryDirectory directory;
    write_file(directory / "letter", "dear all");
    std::filesystem::create_hard_link(directory / "letter", directory / "a.db-bell");
    check_refused(directory / "a.db");
    CHECK(read_file(directory / "letter") == "dear all");
}

TEST_CASE("H34 a bell that is a pipe is refused without waiting for its other end") {
    const TemporaryDirectory directory;
    REQUIRE(::mkfifo((directory / "a.db-bell").c_str(), 0600) == 0);
    check_refused(directory / "a.db");
}

TEST_CASE("H34 a bell that is a directory is refused") {
    const TemporaryDirectory directory;
    std::filesystem::create_directory(directory / "a.db-bell");
    check_refused(directory / "a.db");
}

TEST_CASE("H34 a bell that somebody else put there is refused, unless the database is theirs too") {
    if (::geteuid() != 0) return;  // only root can give files away
    const TemporaryDirectory directory;
    constexpr ::uid_t stranger = 4242;
    write_file(directory / "a.db", "");
    write_file(directory / "a.db-bell", "");
    REQUIRE(::chown((directory / "a.db-bell").c_str(), stranger, stranger) == 0);
    check_refused(directory / "a.db");

    REQUIRE(::chown((directory / "a.db").c_str(), stranger, stranger) == 0);
    CHECK(open_bell(directory / "a.db", BellAccess::write));
}

TEST_CASE("A bell made by root for another user's database belongs to that user") {
    if (::geteuid() != 0) return;  // only root can give files away
    const TemporaryDirectory directory;
    write_file(directory / "a.db", "");
    REQUIRE(::chown((directory / "a.db").c_str(), 4242, 4243) == 0);
    const Bell bell(directory / "a.db");
    struct stat status {};
    REQUIRE(::stat((directory / "a.db-bell").c_str(), &status) == 0);
    CHECK(status.st_uid == 4242);
    CHECK(status.st_gid == 4243);
}

TEST_CASE("A bell in a directory that does not exist is an input or output error") {
    const TemporaryDirectory directory;
    CHECK(code_of_opening(directory / "none/a.db", BellAccess::write) == ErrorCode::storage_io);
}
