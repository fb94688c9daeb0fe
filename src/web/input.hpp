#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::web {

inline constexpr std::size_t maximum_page = 200;

/// Throws Error (invalid_option).
[[noreturn]] void refuse_input(const std::string& message);

/// Returns for example "a, b, c".
[[nodiscard]] std::string listed(std::initializer_list<std::string_view> names);

/// The parameters of a query. Each appears at most once, and all of them are known.
class Parameters {
public:
    /// `query` is as it came, not decoded. Throws Error (invalid_option) for an unknown or repeated name, and for
    /// anything that is not percent-encoded UTF-8.
    Parameters(std::string_view query, std::initializer_list<std::string_view> known);

    /// Returns an empty text if it was not given.
    [[nodiscard]] const std::string& operator[](std::string_view name) const { return values_.find(name)->second; }

    /// Returns the parameter `limit`, or `otherwise` if it was not given. Throws Error (invalid_option) if it is not
    /// from 1 to maximum_page.
    [[nodiscard]] std::size_t limit(std::size_t otherwise) const;

private:
    void add(std::string_view pair);

    std::string known_;
    std::map<std::string, std::string, std::less<>> values_;
};

/// Read the query of a listing: status, limit and cursor; or limit, cursor and request_id.
///
/// Throw Error (invalid_option), which says what is allowed, for an unknown or repeated name, an unknown status, and a
/// limit that is not from 1 to maximum_page.
[[nodiscard]] RequestQuery parse_request_query(std::string_view query);
[[nodiscard]] AuditQuery parse_audit_query(std::string_view query);

/// Throws Error (invalid_option) unless the query is empty.
void require_no_query(std::string_view query);

/// What a reviewer sends along with a decision. All of it may be missing.
struct DecisionBody {
    std::string notes;
    std::string view;  ///< the digest of what the reviewer saw
    Shown shown = Shown::not_recorded;
    Json edits = nullptr;  ///< what the reviewer changed in the arguments; null if nothing
    std::optional<GrantTerms> grant = {};
    Json answer = nullptr;  ///< what the reviewer answers instead of letting the call run; null if nothing
};

/// What a reviewer sends to decide several requests in the same way.
struct DecisionsBody {
    Verdict verdict = Verdict::reject;
    std::string notes;
    std::vector<SeenRequest> requests;  ///< at least one, at most maximum_page
};

/// What a browser sends to sign in.
struct SignInBody {
    std::string link;    ///< the key of the link
    std::string secret;  ///< under which it wants its session: 64 hexadecimal digits
};

/// Read the bodies of the POST routes. Throw Error (invalid_option, or invalid_arguments for what is not JSON), which
/// names the member at fault. An empty body is fine if nothing is needed; unknown members are not.
[[nodiscard]] DecisionBody parse_decision_body(std::string_view text);
/// Throws Error (invalid_option) if there is an answer but the verdict has none.
void require_answer_of(Verdict verdict, const Json& answer);
[[nodiscard]] DecisionsBody parse_decisions_body(std::string_view text);
[[nodiscard]] StopOrder parse_stop_body(std::string_view text);
[[nodiscard]] SignInBody parse_sign_in_body(std::string_view text);
void parse_empty_body(std::string_view text);

}  // namespace approvekit::web
