#pragma once

#include "approvekit/line_reader.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

inline constexpr const char* mail_id = "aaaaaaaa-1111-4000-8000-000000000001";
inline constexpr const char* wipe_id = "bbbbbbbb-1111-4000-8000-000000000002";

/// Prepared lines, each of which may come after something has happened.
class WrittenLines final : public LineReader {
public:
    explicit WrittenLines(std::ostream& out) : out_(out) {}

    void add(std::string line, std::function<void()> before = {}) {
        lines_.push_back({std::move(line), std::move(before)});
    }

    std::optional<std::string> read(const std::string& prompt, Kind /*kind*/, LineCompanion& companion) override {
        out_ << prompt;
        if (lines_.empty()) return std::nullopt;
        auto [line, before] = std::move(lines_.front());
        lines_.pop_front();
        companion_ = &companion;
        if (before) before();
        if (tells_news) out_ << companion.news();
        completions = companion.completions(line);
        if (companion.may_come_back(line)) remembered.push_back(line);
        out_ << line << '\n';
        return line;
    }

    void forget_typed_ahead() override { ++times_forgotten; }

    /// What the session prints until it has printed `text`, which must come.
    std::string news_until(const std::string& text) {
        std::string told;
        while (told.find(text) == std::string::npos) {
            pollfd polled{companion_->news_file(), POLLIN, 0};
            if (::poll(&polled, 1, 60'000) <= 0) return told;
            told += companion_->news();
        }
        return told;
    }

    std::vector<std::string> completions;  ///< for the last line
    std::vector<std::string> remembered;   ///< the lines of the history
    int times_forgotten = 0;
    bool tells_news = false;  ///< before each line

private:
    std::ostream& out_;
    std::deque<std::pair<std::string, std::function<void()>>> lines_;
    LineCompanion* companion_ = nullptr;
};

class SessionFixture {
public:
    /// What the screen shows when these lines are typed.
    std::string type(const std::vector<std::string>& typed) {
        for (const std::string& line : typed)
            lines.add(line);
        TerminalReviewer::Options options;
        options.rows = [this] { return rows; };
        options.columns = [this] { return columns; };
        options.clock = clock;
        TerminalReviewer(Reviewer(storage, "ann", "terminal"), out, options).prompt(lines);
        return std::exchange(out, std::ostringstream()).str();
    }

    void add(const char* id, const std::string& tool, const std::string& risk,
             std::chrono::seconds timeout = std::chrono::minutes(10)) {
        auto request = storage->make(tool, {{"to", tool}}, id);
        request.metadata["risk_level"] = risk;
        request.deadline = request.created_at + timeout;
        request.view_digest = view_digest(request);
        storage->submit(request);
    }

    /// A command of 30 lines. The last line does what the others hide.
    void add_long(const std::string& line = "ls\n") {
        std::string command;
        for (int count = 0; count < 29; ++count)
            command += line;
        storage->add("bash", {{"command", command + "rm -rf /"}}, mail_id);
    }

    [[nodiscard]] ApprovalStatus status(const char* id) const { return storage->find(id)->status; }

    std::size_t rows = 24;
    std::size_t columns = 80;
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    std::ostringstream out;
    WrittenLines lines{out};
};

/// A session in which one call waits, in a window that is never full.
class OneCallSession : public SessionFixture {
public:
    /// `metadata` is added to what each request has.
    OneCallSession(const std::string& tool, const Json& arguments, const Json& metadata)
        : asked(storage->make(tool, arguments)) {
        rows = 0;
        asked.metadata.update(metadata);
        asked.view_digest = view_digest(asked);
        storage->submit(asked);
    }

    [[nodiscard]] ApprovalRequest found() const { return *storage->find(asked.id); }

    ApprovalRequest asked;
};

}  // namespace approvekit::testing
