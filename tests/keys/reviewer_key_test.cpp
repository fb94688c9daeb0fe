#include "approvekit/reviewer_key.hpp"

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <sstream>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr SealCost cheap{.passes = 1, .memory_bytes = 8192};
constexpr const char* passphrase = "correct horse battery";

std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// A key file for ada, and ways to damage it.
struct Drawer {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "ada.key";
    ReviewerKey key = ReviewerKey::generate("ada");

    Drawer() { key.save(path, passphrase, cheap); }

    [[nodiscard]] Json json() const { return Json::parse(read(path)); }

    void write(const std::string& text) const { std::ofstream(path, std::ios::trunc) << text; }

    [[nodiscard]] std::string refusal(const char* with = passphrase) const {
        try {
            static_cast<void>(ReviewerKey::load(path, with));
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::invalid_key);
            return error.what();
        }
        FAIL("the key was opened");
        return {};
    }
};

}  // namespace

TEST_CASE("a key that was saved signs as before once its passphrase opens it") {
    const Drawer drawer;
    const ReviewerKey opened = ReviewerKey::load(drawer.path, passphrase);
    CHECK(opened.name() == "ada");
    CHECK(opened.public_key() == drawer.key.public_key());
    CHECK(is_signed_by(drawer.key.public_key(), "text", opened.sign("text")));
}

TEST_CASE("a wrong passphrase does not open a key") {
    const Drawer drawer;
    CHECK_THAT(drawer.refusal("correct horse batterx"), ContainsSubstring("that is not the passphrase"));
    CHECK_THAT(drawer.refusal(""), ContainsSubstring("that is not the passphrase"));
}

TEST_CASE("a key file is for its owner alone, holds no secret in clear and replaces nothing") {
    const Drawer drawer;
    struct stat status {};
    REQUIRE(::stat(drawer.path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);

    const std::string before = read(drawer.path);
    CHECK_THROWS_WITH(ReviewerKey::generate("ben").save(drawer.path, passphrase, cheap),
                      ContainsSubstring("a key never replaces one"));
    CHECK(read(drawer.path) == before);
}

TEST_CASE("a key is not written through a symbolic link") {
    const TemporaryDirectory directory;
    std::filesystem::create_symlink(directory / "elsewhere", directory / "link");
    CHECK_THROWS_AS(ReviewerKey::generate("ada").save(directory / "link", passphrase, cheap), Error);
    CHECK_FALSE(std::filesystem::exists(directory / "elsewhere"));
}

TEST_CASE("a passphrase that is too weak is refused") {
    const TemporaryDirectory directory;
    CHECK_THROWS_WITH(ReviewerKey::generate("ada").save(directory / "key", "1234567", cheap),
                      ContainsSubstring("at least 8 bytes"));
    CHECK_FALSE(std::filesystem::exists(directory / "key"));
}

TEST_CASE("a key that others can reach is refused, with what to do") {
    const Drawer drawer;
    for (const ::mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
        ::chmod(drawer.path.c_str(), mode);
        CHECK_THAT(drawer.refusal(), ContainsSubstring("chmod 600"));
    }
}

TEST_CASE("the name and the public key in a key file are under the seal too") {
    const Drawer drawer;
    Json json = drawer.json();
    json["reviewer"] = "ben";
    drawer.write(json.dump());
    CHECK_THAT(drawer.refusal(), ContainsSubstring("was changed since it was sealed"));

    json["reviewer"] = "ada";
    json["public_key"] = "ed25519:" + ReviewerKey::generate("ada").public_key();
    drawer.write(json.dump());
    CHECK_THAT(drawer.refusal(), ContainsSubstring("was changed since it was sealed"));
}

TEST_CASE("a hostile key file cannot make the reader spend more than a key may cost") {
    const Drawer drawer;
    for (const auto& [member, value] : {std::pair<const char*, Json>("memory_bytes", std::uint64_t{100} << 30),
                                        {"memory_bytes", UINT64_MAX},
                                        {"memory_bytes", 0},
                                        {"passes", 17},
                                        {"passes", 0},
                                        {"passes", UINT64_MAX}}) {
        CAPTURE(member, value);
        Json json = drawer.json();
        json[member] = value;
        drawer.write(json.dump());
        CHECK_THAT(drawer.refusal(), ContainsSubstring("asks for more work or memory"));
    }
}

TEST_CASE("what is not a key file is refused by name") {
    const Drawer drawer;
    const Json good = drawer.json();
    std::vector<std::string> texts = {"",
                                      "{}",
                                      "[]",
                                      "null",
                                      "ada",
                                      std::string(5000, ' '),
                                      "{\"approvekit_key\":1}",
                                      good.dump().substr(1),
                                      good.dump() + good.dump()};
    for (const auto& [member, value] : good.items()) {
        for (const Json& wrong : {Json(), Json("!"), Json(-1), Json::array(), Json("ed25519:AAAA")}) {
            if (std::string(member) == "reviewer" && wrong.is_string()) continue;
            Json json = good;
            json[member] = wrong;
            texts.push_back(json.dump());
        }
        Json json = good;
        json.erase(member);
        texts.push_back(json.dump());
        json["more"] = 1;
        texts.push_back(json.dump());
    }
    for (const std::string& text : texts) {
        CAPTURE(text);
        drawer.write(text);
        CHECK_THAT(drawer.refusal(), ContainsSubstring("ada.key: "));
    }
}

TEST_CASE("a key file of a later version is told apart from a broken one") {
    const Drawer drawer;
    Json json = drawer.json();
    json["approvekit_key"] = 2;
    drawer.write(json.dump());
    CHECK_THAT(drawer.refusal(), ContainsSubstring("newer ApproveKit"));
}

TEST_CASE("a key is not read from a pipe, a directory or nowhere") {
    Drawer drawer;
    drawer.path = drawer.directory / "pipe";
    REQUIRE(::mkfifo(drawer.path.c_str(), 0600) == 0);
    CHECK_THAT(drawer.refusal(), ContainsSubstring("not a regular file"));
    drawer.path = drawer.directory.path();
    CHECK_FALSE(drawer.refusal().empty());
    drawer.path = drawer.directory / "nothing";
    CHECK_THAT(drawer.refusal(), ContainsSubstring("cannot be read"));
}

TEST_CASE("a key belongs to a name that a decision may bear") {
    CHECK_THROWS_AS(ReviewerKey::generate(""), Error);
    CHECK_THROWS_AS(ReviewerKey::generate("a\nb"), Error);
}
