#include "approvekit/web_reviewer.hpp"

#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/raw_client.hpp"
#include "web/several_fixture.hpp"

#include "approvekit/error.hpp"
#include "approvekit/reviewer_key.hpp"

#include <csignal>
#include <string>
#include <vector>

using namespace approvekit;
using approvekit::testing::FailingStorage;
using approvekit::testing::RawClient;
using approvekit::testing::TeamFile;
using Catch::Matchers::ContainsSubstring;

namespace {

Reviewer reviewer() {
    return {std::make_shared<FailingStorage>(), "ada", "web"};
}

WebReviewer::Options on_port(std::uint16_t port) {
    WebReviewer::Options options;
    options.port = port;
    return options;
}

ErrorCode refusal_of(const WebReviewer::Options& options) {
    try {
        const WebReviewer web(reviewer(), options);
    } catch (const Error& error) {
        return error.code();
    }
    FAIL("the options were taken");
    return ErrorCode::server;
}

int health_status(const WebReviewer& web, const std::string& host) {
    return RawClient(web.port()).ask("GET /api/health HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
}

}  // namespace

TEST_CASE("a web reviewer tells where it is and with which token once it has started") {
    WebReviewer web(reviewer(), on_port(0));
    web.start();

    CHECK(web.address() == "http://127.0.0.1:" + std::to_string(web.port()));
    CHECK(web.link().starts_with(web.address() + "/#sign-in="));
    CHECK(web.link().find(web.token()) == std::string::npos);
    CHECK(web.token().size() == 48);
    CHECK(health_status(web, web.address().substr(7)) == 200);
}

TEST_CASE("H59 each call makes a link of its own, while the server runs") {
    WebReviewer web(reviewer(), on_port(0));
    CHECK_THROWS_WITH(web.link(), ContainsSubstring("start()"));
    web.start();
    CHECK(web.link() != web.link());
    web.stop();
    CHECK_THROWS_WITH(web.link(), ContainsSubstring("start()"));
}

TEST_CASE("H82 an address may be written as it stands in front of a port") {
    WebReviewer::Options options = on_port(0);
    options.host = "[::1]";
    WebReviewer web(reviewer(), options);
    web.start();
    CHECK(web.address() == "http://[::1]:" + std::to_string(web.port()));
    for (const std::string host : {"[]", "[::1", "::1]", "[[::1]]", "[::]", "[localhost]"}) {
        CAPTURE(host);
        options.host = host;
        CHECK(refusal_of(options) == ErrorCode::invalid_option);
    }
}

TEST_CASE("H82 whether an address is free can be known before anything is made for it") {
    WebReviewer first(reviewer(), on_port(0));
    first.start();
    CHECK_THROWS_WITH(on_port(first.port()).check_address(), ContainsSubstring("in use by another program"));
    CHECK_NOTHROW(on_port(0).check_address());
}

TEST_CASE("two web reviewers have different tokens") {
    CHECK(WebReviewer(reviewer(), on_port(0)).token() != WebReviewer(reviewer(), on_port(0)).token());
}

TEST_CASE("a web reviewer can be stopped twice and started again on its port") {
    WebReviewer web(reviewer(), on_port(0));
    web.start();
    const std::uint16_t port = web.port();
    web.stop();
    web.stop();
    CHECK_THROWS(RawClient(port));

    WebReviewer again(reviewer(), on_port(port));
    again.start();
    CHECK(health_status(again, "127.0.0.1:" + std::to_string(port)) == 200);
}

TEST_CASE("H12 the second server on a port fails and says why") {
    WebReviewer first(reviewer(), on_port(0));
    first.start();
    WebReviewer second(reviewer(), on_port(first.port()));

    CHECK_THROWS_WITH(second.start(), ContainsSubstring("in use by another program") &&
                                          ContainsSubstring(std::to_string(first.port())));
    CHECK(health_status(first, "127.0.0.1:" + std::to_string(first.port())) == 200);
}

TEST_CASE("H12 a server for everybody does not share the port of one for this machine") {
    WebReviewer first(reviewer(), on_port(0));
    first.start();
    WebReviewer::Options options = on_port(first.port());
    options.host = "0.0.0.0";
    options.remote_hosts = {"review.example"};
    WebReviewer second(reviewer(), options);
    CHECK_THROWS_AS(second.start(), Error);
}

TEST_CASE("H16 an address that other machines reach is refused unless their names for it are given") {
    for (const std::string host : {"0.0.0.0", "::", "192.168.1.5", "localhost.example", "2130706433", "127.1", "",
                                   "::ffff:127.0.0.1", "127.0.0.1.example"}) {
        CAPTURE(host);
        WebReviewer::Options options = on_port(0);
        options.host = host;
        CHECK(refusal_of(options) == ErrorCode::invalid_option);
    }
}

TEST_CASE("H16 a server that others reach answers to the names that were given and to no others") {
    WebReviewer::Options options = on_port(0);
    options.host = "0.0.0.0";
    options.remote_hosts = {"review.example", "proxy.example:443"};
    WebReviewer web(reviewer(), options);
    web.start();
    const std::string port = ":" + std::to_string(web.port());

    CHECK(web.address() == "http://review.example" + port);
    CHECK(health_status(web, "review.example" + port) == 200);
    CHECK(health_status(web, "review.example") == 200);
    CHECK(health_status(web, "proxy.example:443") == 200);
    CHECK(health_status(web, "proxy.example" + port) == 421);
    CHECK(health_status(web, "127.0.0.1" + port) == 421);
    CHECK(health_status(web, "0.0.0.0" + port) == 421);
}

TEST_CASE("a server on localhost or on the IPv6 loopback address is reached by its own name") {
    WebReviewer::Options options = on_port(0);
    options.host = "localhost";
    WebReviewer web(reviewer(), options);
    web.start();
    CHECK(health_status(web, "localhost:" + std::to_string(web.port())) == 200);
    CHECK(web.link().starts_with("http://127.0.0.1:"));
}

TEST_CASE("a token that is short or needs quoting is refused") {
    for (const std::string token : {"fifteen-letters", "sixteen letters!", "with-a-slash/1234", "line-end-12345\r\n"}) {
        WebReviewer::Options options = on_port(0);
        options.token = token;
        CHECK(refusal_of(options) == ErrorCode::invalid_option);
    }
}

TEST_CASE("remote hosts that no client could send are refused") {
    for (const std::string host : {"", "a b", "http://a", "a\r\nb", "user@a"}) {
        WebReviewer::Options options = on_port(0);
        options.remote_hosts = {host};
        CHECK(refusal_of(options) == ErrorCode::invalid_option);
    }
}

TEST_CASE("an address that is not this machine's, or none at all, is refused by name") {
    WebReviewer::Options options = on_port(0);
    options.remote_hosts = {"review.example"};
    options.host = "192.0.2.1";
    CHECK_THROWS_WITH(WebReviewer(reviewer(), options).start(), ContainsSubstring("not an address of this machine"));
    options.host = "no-such-host";
    CHECK_THROWS_WITH(WebReviewer(reviewer(), options).start(), ContainsSubstring("'no-such-host'"));
}

TEST_CASE("an agent that embeds a web reviewer keeps its own way with SIGPIPE") {
    struct sigaction before {};
    struct sigaction after {};
    ::sigaction(SIGPIPE, nullptr, &before);
    WebReviewer web(reviewer(), on_port(0));
    web.start();
    ::sigaction(SIGPIPE, nullptr, &after);
    CHECK(before.sa_handler == after.sa_handler);
}

TEST_CASE("a server of several reviewers has neither token nor links, and says by whose word who asks") {
    const TeamFile team;
    WebReviewer::Options options = on_port(0);
    CHECK_FALSE(options.has_several_reviewers());
    options.reviewers_file = team.path;
    CHECK(options.has_several_reviewers());
    WebReviewer web(reviewer(), options);
    web.start();
    CHECK(web.token().empty());
    CHECK_THROWS_WITH(web.link(), ContainsSubstring("approvekit-review invite"));
    CHECK(health_status(web, web.address().substr(7)) == 200);
}

TEST_CASE("options of several reviewers that make no sense together are refused") {
    const TeamFile team;
    WebReviewer::Options options = on_port(0);
    options.reviewers_file = team.path;
    options.token = "a-token-of-one-reviewer";
    CHECK(refusal_of(options) == ErrorCode::invalid_option);
    options.token.clear();
    options.reviewers_file = "team.txt";
    CHECK(refusal_of(options) == ErrorCode::invalid_option);
    options.reviewers_file.clear();
    options.proxy_secret = std::string(40, 's');
    CHECK(refusal_of(options) == ErrorCode::invalid_option);
    options.proxy_user_header = "Host";
    CHECK(refusal_of(options) == ErrorCode::invalid_option);
    options.proxy_user_header = "Remote-User";
    options.proxy_secret.clear();
    CHECK(refusal_of(options) == ErrorCode::invalid_option);
    options.proxy_secret = "short";
    CHECK(refusal_of(options) == ErrorCode::invalid_option);
    options.proxy_secret = std::string(40, 's');
    CHECK_NOTHROW(WebReviewer(reviewer(), options));
}

TEST_CASE("G14 one person's key signs nothing that several reviewers decide") {
    const TeamFile team;
    Reviewer signing = reviewer();
    signing.sign_with(std::make_shared<const ReviewerKey>(ReviewerKey::generate("ada")));
    CHECK_NOTHROW(WebReviewer(signing, on_port(0)));
    WebReviewer::Options several = on_port(0);
    several.reviewers_file = team.path;
    CHECK_THROWS_WITH(WebReviewer(signing, several), ContainsSubstring("the key of ada would sign what others decide"));
    several.reviewers_file.clear();
    several.proxy_user_header = "Remote-User";
    several.proxy_secret = std::string(40, 's');
    CHECK_THROWS_WITH(WebReviewer(signing, several), ContainsSubstring("the key of ada would sign what others decide"));
}
