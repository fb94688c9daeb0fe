#pragma once

#include "approvekit/clock.hpp"
#include "web/answer.hpp"
#include "web/request_reader.hpp"
#include "web/sign_in.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace approvekit::web {

/// Who sends a request, as far as its credentials tell. A plain value.
struct Caller {
    std::string reviewer{};  ///< under whose name it decides; empty if nobody is known
    std::string session{};   ///< the id of the session by which it came; empty if by none
    bool has_token = false;  ///< shown by a program: no page can make it send the token
    bool is_one_of_several = false;
    /// Until when nobody needs to ask again who it is, on the clock that runs since the machine started.
    std::chrono::microseconds until = std::chrono::microseconds::max();
};

/// Tells who sends a request: one reviewer, or one of several. Thread-safe.
class Identification {
public:
    virtual ~Identification() = default;

    /// Returns who sends a request with that head, or the answer that refuses it.
    [[nodiscard]] virtual std::variant<Caller, Answer> identify(const RequestHead& head) = 0;

    /// Whether the caller would still be let in. Called again and again while a stream of events is open.
    [[nodiscard]] virtual bool still_knows(const Caller& caller) = 0;

    /// Signs in the browser that shows the key of a link, under the secret that it has made. Returns the answer that
    /// refuses it if it cannot.
    [[nodiscard]] virtual std::variant<Caller, Answer> sign_in(std::string_view link, std::string_view secret) = 0;

    /// Returns the browsers in which the caller's reviewer is signed in here, oldest first.
    [[nodiscard]] virtual std::vector<Session> sessions_of(const Caller& caller) = 0;

    /// Ends the one with that id, if it is one of these, and returns what it was. Throws Error if that cannot be
    /// stored.
    [[nodiscard]] virtual std::optional<Session> end_session(const Caller& caller, std::string_view id) = 0;

    /// Returns a link that signs one browser in. Throws Error (invalid_option) if links are not made here.
    [[nodiscard]] virtual std::string make_link() = 0;

    /// Whether a proxy knows the page's browser by cookies of its own, or the like, which the page then has to send.
    [[nodiscard]] virtual bool is_proxied() const noexcept { return false; }

    /// Returns what everybody is answered while nobody can be let in, or nothing if somebody can.
    [[nodiscard]] virtual std::optional<Answer> trouble() { return std::nullopt; }
};

/// Returns the answer to callers who have not shown who they are.
[[nodiscard]] Answer unauthorized(std::string_view message);

/// Returns the secret after "Bearer " in Authorization. Empty if there is none; that is nobody's secret.
[[nodiscard]] std::string_view bearer_secret(const RequestHead& head);

/// A server of one reviewer. Whoever has its token is that reviewer, and so is a browser that one of its links has
/// signed in.
class OneReviewer final : public Identification {
public:
    /// Plain values.
    struct Terms {
        std::string reviewer;
        std::string token;
        std::string address;  ///< where links lead
    };

    /// Keeps a reference to `clock`.
    OneReviewer(Terms terms, const Clock& clock);

    [[nodiscard]] std::variant<Caller, Answer> identify(const RequestHead& head) override;
    [[nodiscard]] bool still_knows(const Caller& caller) override;
    [[nodiscard]] std::variant<Caller, Answer> sign_in(std::string_view link, std::string_view secret) override;
    [[nodiscard]] std::vector<Session> sessions_of(const Caller& /*caller*/) override { return sessions_.all(); }
    [[nodiscard]] std::optional<Session> end_session(const Caller& /*caller*/, std::string_view id) override {
        return sessions_.end(id);
    }
    [[nodiscard]] std::string make_link() override { return links_.make(); }

private:
    const Terms terms_;
    const Clock& clock_;
    SignInLinks links_;
    Sessions sessions_;
};

}  // namespace approvekit::web
