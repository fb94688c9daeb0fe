#pragma once

#include "approvekit/reviewer.hpp"
#include "terminal/command.hpp"
#include "terminal/pages.hpp"
#include "terminal/screen.hpp"
#include "terminal/seen_requests.hpp"

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
    /// `screen` is asked before each drawing, since a window can change its size. All must outlive the prompt.
    Prompt(Reviewer& reviewer, std::ostream& out, const std::function<Screen()>& screen);

    /// Returns at quit, at the end of `in` and when `out` can no longer be written.
    void run(std::istream& in);

private:
    using Listing = void (Prompt::*)(const std::string& cursor);

    /// Requests that may take more than the screen.
    struct Reading {
        Lines lines;
        RequestPage page;
        std::vector<DrawnRequest> places;
        std::size_t next = 0;  ///< the first line that was not shown yet
    };

    void try_to_obey(const Command& command);
    void obey(const Command& command);

    void list(const std::string& cursor);
    void audit(const std::string& cursor);
    void offer_more(const std::string& cursor, Listing listing);
    void more();
    void show(const Command& command);
    void read_on(const std::string& cursor);
    void decide(Verdict verdict, const Command& command);

    [[nodiscard]] std::string objection(const ApprovalRequest& request) const;

    void print(const Lines& lines);
    void say(std::string_view text, Colour colour = Colour::plain);

    Reviewer& reviewer_;
    std::ostream& out_;
    const std::function<Screen()>& screen_;
    SeenRequests seen_;
    std::optional<Reading> reading_;
    Listing more_ = nullptr;
    std::string cursor_;
};

}  // namespace approvekit::terminal
