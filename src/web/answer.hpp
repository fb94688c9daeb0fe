#pragma once

#include "approvekit/json.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::web {

/// Supplies the body of an answer piece by piece. One thread asks it.
class BodyStream {
public:
    virtual ~BodyStream() = default;

    /// Returns what to send next, or nothing at the end. An empty text means that there is nothing yet: next() is
    /// called again if the client is still there. If this throws, the client is cut off, so that nobody takes a part
    /// for the whole.
    [[nodiscard]] virtual std::optional<std::string> next() = 0;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// What a client is told. A plain value.
struct Answer {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    HeaderList headers;                  ///< in addition to those of every answer
    std::shared_ptr<BodyStream> stream;  ///< if set, it supplies the body, until it ends
};

[[nodiscard]] Answer json_answer(int status, const Json& body);

/// Returns {"error": message, "code": code}. Codes are stable; docs/http-api.md lists them.
[[nodiscard]] Answer error_answer(int status, std::string_view code, std::string_view message);

/// Returns the answer for an error that is not the client's business. It tells nothing about the error.
[[nodiscard]] Answer internal_error();

/// Returns the headers of every answer. They keep a browser from doing anything with it but showing our own page.
[[nodiscard]] const HeaderList& security_headers();

}  // namespace approvekit::web
