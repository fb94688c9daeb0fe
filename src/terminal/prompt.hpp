#pragma once

#include "approvekit/reviewer.hpp"
#include "terminal/command.hpp"
#include "terminal/pages.hpp"
#include "terminal/request_view.hpp"
#include "terminal/screen.hpp"
#include "terminal/waiting_requests.hpp"

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// A person's session at the prompt. Remembers what it has shown, so that a decision counts for exactly that.
class Prompt {
public:
    /// Calls `screen` before each drawing, since a window can change its size. All of the references must outlive the
    /// prompt. `word_for_more` is the word that brings the next page.
    Prompt(Reviewer& reviewer, std::ostream& out, const std::function<Screen()>& screen,
           std::string_view word_for_more = "more");

    /// Returns at `quit`, at the end of `in`, and when `out` can no longer be written.
    void run(std::istream& in);

    // The parts of a session. They throw what Reviewer throws.

    /// Shows `lines`, or `request`, one screenful at a time.
    void read(Lines lines);
    void show(const ApprovalRequest& request, Detail detail);

    void audit(const std::string& cursor);

    /// Whether more() has something to show.
    [[nodiscard]] bool has_more() const noexcept { return more_ != nullptr; }
    /// Whether that is the rest of a request.
    [[nodiscard]] bool has_more_of_request() const noexcept;
    void more();

    /// Decides on the request that `command` names, with these edits of the arguments and this grant, and says what
    /// came of it. Returns false, after saying so, if the request was not shown.
    bool decide(Verdict verdict, const Command& command, const Json& edits = nullptr,
                const std::optional<GrantTerms>& grant = std::nullopt);

    /// Does the same with an answer, a text or other JSON, which goes to the agent instead of running the call.
    bool answer(const Command& command, const Json& words);

    /// Whether all of `request`, as it is here, was on the screen.
    [[nodiscard]] bool has_shown(const ApprovalRequest& request) const { return seen_.shown(request) == Shown::whole; }

    void say(std::string_view text, Colour colour = Colour::plain);

private:
    using Listing = void (Prompt::*)(const std::string& cursor);

    using Draw = std::function<std::vector<DrawnRequest>(Lines& lines, const RequestPage& page)>;

    /// Requests that may take more than the screen.
    struct Reading {
        Draw draw;  ///< draws again for a window of another width; if empty, the lines stay as they are
        Lines lines;
        RequestPage page;
        std::vector<DrawnRequest> places = {};
        std::size_t next = 0;  ///< the first line that was not shown yet
    };

    void try_to_obey(const Command& command);
    void obey(const Command& command);

    void list(const std::string& cursor);
    void offer_more(const std::string& cursor, Listing listing);
    void show(const Command& command);
    void read_on(const std::string& cursor);
    void start_reading(RequestPage page, Draw draw);
    static void lay_out(Reading& reading, const Screen& screen);
    [[nodiscard]] std::size_t show_page(const Screen& screen);
    [[nodiscard]] std::string rest_text(std::size_t lines) const;

    [[nodiscard]] bool may_decide(const ApprovalRequest& request, const std::string& verb);
    [[nodiscard]] std::string objection(const ApprovalRequest& request, const std::string& verb) const;
    [[nodiscard]] ReviewerAnswer seen_as(const ApprovalRequest& request, std::string notes, const Json& edits) const;
    void say_decided(const ApprovalRequest& after);

    void print(const Lines& lines);

    Reviewer& reviewer_;
    std::ostream& out_;
    const std::function<Screen()>& screen_;
    std::string word_for_more_;
    SeenRequests seen_;
    std::optional<Reading> reading_;
    Listing more_ = nullptr;
    std::string cursor_;
};

}  // namespace approvekit::terminal
