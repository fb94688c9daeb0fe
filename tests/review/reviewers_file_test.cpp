// The file of the people who may decide on one server: what it may say, who may write it, and what writing it leaves
// behind.
#include "approvekit/reviewers_file.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/temporary_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

struct TeamFixture {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "team.yaml";
    ReviewersFile file{path};

    void write(const std::string& text) const { std::ofstream(path) << text; }
    [[nodiscard]] std::string text() const {
        std::ifstream in(path);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const InvitedReviewer& one : file.read())
            names.push_back(one.name);
        return names;
    }
    /// Why a file with this text is refused, or an empty text if it is not.
    [[nodiscard]] std::string refusal_of(const std::string& text) const {
        write(text);
        return refusal();
    }
    [[nodiscard]] std::string refusal() const {
        try {
            static_cast<void>(file.read());
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid_option);
            return error.what();
        }
        return "";
    }
    [[nodiscard]] ::mode_t mode() const {
        struct stat status {};
        ::stat(path.c_str(), &status);
        return status.st_mode & 07777;
    }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory.path()),
                                                      std::filesystem::directory_iterator()));
    }
};

std::string listed(const std::string& name) {
    return "reviewers:\n  - name: " + name + "\n";
}

std::string links(const std::string& first, const std::string& second) {
    return "reviewers:\n  - name: \"ann\"\n    links: [" + first + "]\n  - name: \"bob\"\n    links: [" + second +
           "]\n";
}

std::string with_session(const std::string& sessions) {
    return listed("\"ann\"") + "    sessions: [" + sessions + "]\n";
}

const std::string digest = "\"blake2b:" + std::string(64, 'a') + "\"";
const std::string session = "{secret: " + digest + ", since: \"2026-01-31T09:05:00\"}";

}  // namespace

TEST_CASE("an invitation makes the file, and what it hands out is a key of 256 bits that the file does not have") {
    TeamFixture team;
    const std::string key = team.file.invite("ann", {"finance"});
    CHECK(key.size() == 64);
    CHECK(key != team.file.invite("bob"));
    CHECK(team.names() == std::vector<std::string>{"ann", "bob"});
    CHECK(team.text().find(key) == std::string::npos);
    const auto ann = team.file.read().at(0);
    CHECK(ann.groups == std::vector<std::string>{"finance"});
    CHECK(ann.links == std::vector<Digest>{digest_of_link(key)});
    CHECK(digest_of_link(key) != digest_of(key));
}

TEST_CASE("whoever is invited again has a further link, and the groups of both times") {
    TeamFixture team;
    static_cast<void>(team.file.invite("ann", {"finance"}));
    static_cast<void>(team.file.invite("ann", {"finance", "managers"}));
    const auto ann = team.file.read();
    REQUIRE(ann.size() == 1);
    CHECK(ann.at(0).links.size() == 2);
    CHECK(ann.at(0).groups == std::vector<std::string>{"finance", "managers"});
    for (std::size_t link = 2; link < ReviewersFile::most_links; ++link)
        static_cast<void>(team.file.invite("ann"));
    CHECK_THROWS_WITH(team.file.invite("ann"), ContainsSubstring("16 links that nobody has used"));
}

TEST_CASE("a file of reviewers is YAML or JSON by its name, and both read back what was written") {
    const TemporaryDirectory directory;
    for (const std::string name : {"team.yaml", "team.yml", "team.json"}) {
        CAPTURE(name);
        ReviewersFile file(directory / name);
        const std::string person = "Ann \"O'Neill\" \\ Müller: # @ 漢";
        const std::string key = file.invite(person, {"a: b", "- c"});
        const auto read = file.read();
        REQUIRE(read.size() == 1);
        CHECK(read.at(0).name == person);
        CHECK(read.at(0).groups == std::vector<std::string>{"a: b", "- c"});
        CHECK(read.at(0).links == std::vector<Digest>{digest_of_link(key)});
        CHECK(file.sign_in(key, "secret", Time()) == person);
        CHECK(file.read().at(0).sessions.size() == 1);
        file.remove(person);
        CHECK(file.read().empty());
    }
    for (const std::string name : {"team", "team.txt", "yaml", "team.yaml~"})
        CHECK(error_code_of([&] { ReviewersFile{directory / name}; }) == ErrorCode::invalid_option);
}

TEST_CASE("who is removed is gone with all links, by the very name, and nobody else is") {
    TeamFixture team;
    for (const std::string name : {"ann", "bob", "ann"})
        static_cast<void>(team.file.invite(name));
    for (const std::string name : {"Ann", "an", "", "carol"})
        CHECK(error_code_of([&] { team.file.remove(name); }) == ErrorCode::not_found);
    team.file.remove("ann");
    CHECK(team.names() == std::vector<std::string>{"bob"});
    team.file.remove("bob");
    CHECK(team.names().empty());
}

TEST_CASE("a link is exchanged for the session of a browser, once, and whoever signs out is out of the file") {
    TeamFixture team;
    const std::string key = team.file.invite("ann");
    static_cast<void>(team.file.invite("bob"));
    const Time now = *parse_time("2026-01-31T09:05:00");
    CHECK_FALSE(team.file.sign_in("wrong", "secret", now));
    CHECK_FALSE(team.file.sign_in(to_hex(digest_of_link(key)), "secret", now));
    CHECK(team.file.sign_in(key, "secret", now) == "ann");
    CHECK_FALSE(team.file.sign_in(key, "another", now));
    const auto ann = team.file.read().at(0);
    CHECK(ann.links.empty());
    REQUIRE(ann.sessions.size() == 1);
    CHECK(ann.sessions.at(0).secret == digest_of_session("secret"));
    CHECK(ann.sessions.at(0).since == now);
    CHECK_FALSE(team.file.sign_out("bob", digest_of_session("secret")));
    CHECK(team.file.sign_out("ann", digest_of_session("secret")));
    CHECK_FALSE(team.file.sign_out("ann", digest_of_session("secret")));
    CHECK(team.file.read().at(0).sessions.empty());
}

TEST_CASE("the oldest of a reviewer's sessions make room for new ones") {
    TeamFixture team;
    for (std::size_t number = 0; number <= ReviewersFile::most_sessions; ++number)
        CHECK(team.file.sign_in(team.file.invite("ann"), std::to_string(number), Time()) == "ann");
    const auto sessions = team.file.read().at(0).sessions;
    REQUIRE(sessions.size() == ReviewersFile::most_sessions);
    CHECK(sessions.front().secret == digest_of_session("1"));
    CHECK(sessions.back().secret == digest_of_session(std::to_string(ReviewersFile::most_sessions)));
}

TEST_CASE("H188 a name that is another one's in other letters is refused in a file and by an invitation") {
    TeamFixture team;
    static_cast<void>(team.file.invite("Zoë"));
    const std::string before = team.text();
    for (const std::string name : {"ZOË", "zoë", "Zoe\u0308", "Ｚｏë"}) {
        CAPTURE(name);
        CHECK(error_code_of([&] { static_cast<void>(team.file.invite(name)); }) == ErrorCode::invalid_option);
    }
    CHECK(team.text() == before);
    for (const std::string name : {"ann", "Ann", "ＡＮＮ"}) {
        CAPTURE(name);
        CHECK_THAT(team.refusal_of(listed("\"ann\"") + "  - name: \"" + name + "\"\n"),
                   ContainsSubstring("team.yaml:3:") && ContainsSubstring("one person"));
    }
    CHECK_THAT(team.refusal_of(listed("\"Zoe\u0308\"")), ContainsSubstring("NFC"));
}

TEST_CASE("an invitation to a group that no policy could have is refused, and changes nothing") {
    TeamFixture team;
    static_cast<void>(team.file.invite("ann"));
    const std::string before = team.text();
    for (const std::string group : {"", "\xff", "a\nb", "a\u202eb"}) {
        CAPTURE(group);
        CHECK(error_code_of([&] { static_cast<void>(team.file.invite("bob", {group})); }) == ErrorCode::invalid_option);
    }
    CHECK(team.text() == before);
}

TEST_CASE("H188 a file of reviewers that is not understood as a whole lists nobody, and says where") {
    TeamFixture team;
    const std::vector<std::string> bad = {"",
                                          "\n",
                                          "# nobody\n",
                                          "reviewers:\n",
                                          "[]",
                                          "ann",
                                          "reviewers: ann\n",
                                          "people: []\n",
                                          "reviewers: []\nreviewers: []\n",
                                          "reviewers: []\nadmins: []\n",
                                          "reviewers: [ann]\n",
                                          listed(""),
                                          listed("yes"),
                                          listed("12"),
                                          listed("\"\""),
                                          listed("\" ann\""),
                                          listed("\"policy\""),
                                          listed("\"Policy\""),
                                          listed("\"a\\u200bnn\""),
                                          listed("\"an\\nn\""),
                                          listed("\"a\u202enn\""),
                                          listed("\"" + std::string(129, 'a') + "\""),
                                          "reviewers:\n  - links: []\n",
                                          listed("\"ann\"") + "    group: []\n",
                                          listed("\"ann\"") + "    groups: finance\n",
                                          listed("&a \"ann\"") + "  - name: *a\n",
                                          "--- {reviewers: []}\n--- {reviewers: []}\n",
                                          "reviewers: [",
                                          links("\"blake2b:aa\"", digest),
                                          links("\"" + std::string(64, 'a') + "\"", digest),
                                          links("\"blake2b:" + std::string(64, 'A') + "\"", digest),
                                          links("\"blake2b:" + std::string(64, 'g') + "\"", digest),
                                          links(digest, digest),
                                          links(digest + ", " + digest, ""),
                                          with_session(digest),
                                          with_session("{secret: " + digest + "}"),
                                          with_session("{since: \"2026-01-31T09:05:00\"}"),
                                          with_session("{secret: " + digest + ", since: \"yesterday\"}"),
                                          with_session(session + ", " + session)};
    for (const std::string& text : bad) {
        CAPTURE(text);
        CHECK_THAT(team.refusal_of(text), ContainsSubstring("team.yaml"));
    }
    CHECK(team.refusal_of("reviewers: []\n").empty());
    CHECK(team.refusal_of(links(digest, "")).empty());
    CHECK(team.refusal_of(with_session(session)).empty());
}

TEST_CASE("H188 a file of reviewers has its bounds") {
    TeamFixture team;
    std::string many = "reviewers:\n";
    for (std::size_t number = 0; number <= ReviewersFile::most_reviewers; ++number)
        many += "  - name: \"n" + std::to_string(number) + "\"\n";
    CHECK_THAT(team.refusal_of(many), ContainsSubstring("101 entries"));
    CHECK_THAT(team.refusal_of("reviewers: []\n#" + std::string(1'100'000, 'x')), ContainsSubstring("larger than"));
    CHECK_FALSE(team.refusal_of("reviewers: " + std::string(200'000, '[')).empty());
}

TEST_CASE("H192 a link, a pipe or a folder in the place of the file is refused, to read and to write") {
    TeamFixture team;
    static_cast<void>(team.file.invite("ann"));
    const auto aside = team.directory / "aside.yaml";
    std::filesystem::rename(team.path, aside);
    const auto refuses = [&] {
        CHECK_FALSE(team.refusal().empty());
        CHECK(error_code_of([&] { static_cast<void>(team.file.invite("eve")); }) == ErrorCode::invalid_option);
        CHECK(error_code_of([&] { team.file.remove("ann"); }) == ErrorCode::invalid_option);
    };
    std::filesystem::create_symlink(aside, team.path);
    refuses();
    std::filesystem::remove(team.path);
    std::filesystem::create_symlink(team.directory / "nowhere", team.path);
    refuses();
    CHECK_FALSE(std::filesystem::exists(team.directory / "nowhere"));
    std::filesystem::remove(team.path);
    REQUIRE(::mkfifo(team.path.c_str(), 0600) == 0);
    refuses();
    std::filesystem::remove(team.path);
    std::filesystem::create_directory(team.path);
    refuses();
    CHECK(ReviewersFile(aside).read().size() == 1);
}

TEST_CASE("H192 what others may write, the file or its folder, is refused, to read and to write") {
    TeamFixture team;
    static_cast<void>(team.file.invite("ann"));
    CHECK(team.mode() == 0600);
    for (const ::mode_t mode : {0620U, 0602U, 0666U, 0660U}) {
        CAPTURE(mode);
        REQUIRE(::chmod(team.path.c_str(), mode) == 0);
        CHECK_THAT(team.refusal(), ContainsSubstring("others than its owner can write it"));
        CHECK_THROWS_AS(team.file.invite("eve"), Error);
    }
    REQUIRE(::chmod(team.path.c_str(), 0644) == 0);
    CHECK(team.refusal().empty());
    for (const ::mode_t mode : {0777U, 0770U}) {
        CAPTURE(mode);
        REQUIRE(::chmod(team.directory.path().c_str(), mode) == 0);
        CHECK_THAT(team.refusal(), ContainsSubstring("write the folder"));
        CHECK_THROWS_AS(team.file.invite("eve"), Error);
    }
    REQUIRE(::chmod(team.directory.path().c_str(), 01777) == 0);
    CHECK(team.refusal().empty());
    REQUIRE(::chmod(team.directory.path().c_str(), 0700) == 0);
    CHECK(team.names() == std::vector<std::string>{"ann"});
}

TEST_CASE(
    "H192 the file is written with mode 0600 whatever the umask and whatever it had, and nothing stays beside it") {
    TeamFixture team;
    const ::mode_t before = ::umask(0);
    static_cast<void>(team.file.invite("ann"));
    ::umask(before);
    CHECK(team.mode() == 0600);
    REQUIRE(::chmod(team.path.c_str(), 0644) == 0);
    static_cast<void>(team.file.invite("bob"));
    CHECK(team.mode() == 0600);
    CHECK(team.files() == 1);
}

TEST_CASE("H193 of many who change the file at once each change is kept, and whoever reads sees a whole one") {
    TeamFixture team;
    static_cast<void>(team.file.invite("ann"));
    constexpr std::size_t writers = 4;
    constexpr std::size_t rounds = 5;
    std::vector<std::jthread> threads;
    for (std::size_t writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&team, writer] {
            ReviewersFile own(team.path);
            for (std::size_t round = 0; round < rounds; ++round)
                static_cast<void>(own.invite("n" + std::to_string(writer * rounds + round)));
        });
    }
    for (int look = 0; look < 50; ++look)
        CHECK(team.refusal().empty());
    threads.clear();
    CHECK(team.names().size() == 1 + writers * rounds);
    CHECK(team.files() == 1);
}

TEST_CASE("H193 what cannot be written changes nothing") {
    TeamFixture team;
    CHECK(error_code_of([&] { team.file.remove("ann"); }) == ErrorCode::invalid_option);
    CHECK(error_code_of([&] { static_cast<void>(ReviewersFile(team.directory / "no" / "team.yaml").invite("ann")); }) ==
          ErrorCode::invalid_option);
    CHECK(team.files() == 0);
    for (const std::string name : {"", " ann", "policy", "a\nb", "a\u200bb"})
        CHECK(error_code_of([&] { static_cast<void>(team.file.invite(name)); }) == ErrorCode::invalid_option);
    CHECK(error_code_of([&] { static_cast<void>(team.file.invite("ann", {" x"})); }) == ErrorCode::invalid_option);
    CHECK(team.files() == 0);
    static_cast<void>(team.file.invite("ann"));
    team.write("reviewers: [\n");
    const std::string before = team.text();
    CHECK_THROWS_AS(team.file.invite("bob"), Error);
    CHECK(team.text() == before);
}
