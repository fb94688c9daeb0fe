#pragma once

#include "approvekit/clock.hpp"
#include "web/identification.hpp"
#include "web/sign_in.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace approvekit::web {

/// A server of one reviewer: whoever has its token, or a browser that one of its links has signed in, is that reviewer.
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
