// Granting more calls within a session at a terminal.
#include "approvekit/line_reader.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Lines that were written down before, and what was asked for with them.
class GrantingLines final : public LineReader {
public:
    GrantingLines(std::vector<std::string> lines, std::ostream& out) : lines_(lines.begin(), lines.end()), out_(out) {}

    std::optional<std::string> read(const std::string& prompt, Kind /*kind*/, LineCompanion& /*companion*/) override {
        out_ << prompt << '\n';
        if (lines_.empty()) return std::nullopt;
        std::string line = std::move(lines_.front());
        lines_.pop_front();
        return line;
    }
    void forget_typed_ahead() override {}

private:
    std::deque<std::string> lines_;
    std::ostream& out_;
};

/// A mail that waits, of which a reviewer may grant five more.
struct GrantedSession {
    GrantedSession() {
        asked.metadata["grants"] = {{"uses", 5}, {"for", 7200}, {"bounds", {"args.to"}}};
        asked.view_digest = view_digest(asked);
        storage->submit(asked);
    }

    std::string type(const std::vector<std::string>& typed) {
        std::ostringstream out;
        GrantingLines lines(typed, out);
        TerminalReviewer::Options options;
        options.clock = clock;
        TerminalReviewer(Reviewer(storage, "ann", "terminal"), out, options).prompt(lines);
        return out.str();
    }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    ApprovalRequest asked = storage->make("mail", {{"to", "ana"}, {"body", "Dear Ana"}});
};

}  // namespace

TEST_CASE("G17 g in a session says what will be granted, and y grants it") {
    GrantedSession session;
    const std::string screen = session.type({"g 3 1h args.to", "y fine"});
    CHECK_THAT(screen, ContainsSubstring("[y,n,g,s,q,?] ") &&
                           ContainsSubstring("up to 5 more like it within 2 h, which may differ in args.to") &&
                           ContainsSubstring("When it is approved, the next 3 like it run too, within 1 h, with any "
                                             "args.to."));
    const auto grants = session.storage->grants(GrantList::all);
    REQUIRE(grants.size() == 1);
    CHECK(grants.front().terms.uses == 3);
    CHECK(grants.front().terms.lasts == 1h);
    CHECK(grants.front().terms.free == std::vector<std::string>{"args.to"});
}

TEST_CASE("G17 a grant in a session that is too much is refused, and the call goes on waiting") {
    GrantedSession session;
    CHECK_THAT(session.type({"g 6 1h", "y fine"}), ContainsSubstring("its rule lets a reviewer grant 5 at most"));
    CHECK(session.storage->find(session.asked.id)->status == ApprovalStatus::pending);
    CHECK_THAT(session.type({"g many 1h"}), ContainsSubstring("Nothing is granted. How many, and for how long?"));
}

TEST_CASE("G17 a grant in a session is taken back by g alone, and left out of another decision") {
    GrantedSession session;
    session.type({"g 3 1h", "g", "y fine"});
    CHECK(session.storage->find(session.asked.id)->status == ApprovalStatus::approved);
    CHECK(session.storage->grants(GrantList::all).empty());
    GrantedSession rejected;
    rejected.type({"g 3 1h", "n no"});
    CHECK(rejected.storage->find(rejected.asked.id)->status == ApprovalStatus::rejected);
}
