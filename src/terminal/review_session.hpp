#pragma once

#include "approvekit/line_reader.hpp"
#include "approvekit/reviewer.hpp"
#include "terminal/arrivals.hpp"
#include "terminal/prompt.hpp"
#include "terminal/screen.hpp"
#include "terminal/stop_view.hpp"
#include "terminal/waiting_requests.hpp"

#include <functional>
#include <iosfwd>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// A person's session at a terminal: one request at a time, answered by a letter, and also the commands of the prompt.
/// Nothing is approved that was not on the screen. Not thread-safe.
class ReviewSession final : public LineCompanion {
public:
    /// Calls `screen` before each drawing. All arguments must outlive the session. Throws StorageError.
    ReviewSession(Reviewer& reviewer, std::ostream& out, const std::function<Screen()>& screen, LineReader& lines);

    /// Returns when the person leaves, and when `out` can no longer be written. If something goes wrong, says so and
    /// goes on.
    void run();

    [[nodiscard]] std::string news() override;
    [[nodiscard]] int news_file() const noexcept override { return arrivals_.file(); }
    [[nodiscard]] std::vector<std::string> completions(std::string_view before) override;
    [[nodiscard]] bool may_come_back(std::string_view line) const override;

private:
    /// A letter to answer with.
    struct Key {
        std::string_view letter;
        std::string_view help;
        bool (ReviewSession::*is_offered)() const;
        void (ReviewSession::*act)(std::string_view rest);  ///< gets what follows the letter
    };
    static const std::vector<Key>& keys();
    [[nodiscard]] static const Key* find_key(std::string_view letter);

    void try_to(const std::function<void()>& act);
    void obey(const std::string& line);
    void obey(const Command& command);
    void go_on();

    void approve(std::string_view rest);
    void reject(std::string_view rest);
    void edit(std::string_view rest);
    void grant(std::string_view rest);
    void write_answer(std::string_view rest);
    void skip(std::string_view rest);
    void leave(std::string_view rest);
    void help(std::string_view rest);
    [[nodiscard]] bool always() const { return true; }
    [[nodiscard]] bool has_current() const { return current_.has_value(); }
    [[nodiscard]] bool can_approve() const;
    [[nodiscard]] bool can_edit() const;
    [[nodiscard]] bool can_grant() const;
    [[nodiscard]] bool can_answer() const;

    /// Asks for a line to put in the place of `path` in the current request.
    void ask_for_value(const std::string& path);
    /// Takes a line as the new value. If that is the original value, drops what was typed before. Throws Error.
    void take_value(const std::string& path, const std::string& line);
    void say_edits();
    void say_grant();

    /// Returns the lines that are typed up to an empty one, or nothing if the person leaves.
    [[nodiscard]] std::optional<std::string> typed_lines(const std::string& prompt);
    /// Answers instead of letting the call run; decides like decide().
    void give_answer(const std::string& id, const Json& words);

    void answer(Verdict verdict, std::string_view notes);
    /// `id` must be the id of a request, whole or its start, not a number in a list.
    void decide(Verdict verdict, const std::string& id, Command command);
    void leave_current();
    void list();
    void show_next();
    void show(const std::string& id, Detail detail);
    void show_rest();
    void say_that_it_ended(const ApprovalRequest& request);

    /// Returns the id that a number in the last list stands for, or `word` itself if it is not such a number.
    [[nodiscard]] std::string id_for(std::string_view word) const;
    [[nodiscard]] std::string prompt_text() const;
    [[nodiscard]] std::string told_of_new(const std::vector<std::string>& added) const;
    [[nodiscard]] std::string told_of_end();
    [[nodiscard]] std::string told_of_stops();

    Reviewer& reviewer_;
    std::ostream& out_;
    const std::function<Screen()>& screen_;
    LineReader& lines_;
    Prompt prompt_;
    Arrivals arrivals_;
    WaitingRequests waiting_;
    StopNews stops_;
    std::optional<ApprovalRequest> current_;  // as it was shown
    std::string current_name_;                // its short id, safe to show
    bool has_ended_ = false;                  // the current one has ended, and that was said
    Json edits_;                       // of the current one, to go along with an approval; null if there are none
    std::optional<GrantTerms> grant_;  // the same
    std::set<std::string> skipped_;
    std::set<std::string> voted_;        // those that now wait for others' votes
    std::vector<std::string> numbered_;  // ids by their number in the last list
    std::string complaint_;              // the complaint that was last told as news
    bool asks_for_note_ = false;
    bool leaves_ = false;
};

}  // namespace approvekit::terminal
