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

    /// What to send next; nothing at the end. An empty text is nothing yet: it is asked again where the client is there
    /// still. Where it throws, the client is cut off, so that nobody takes a part for the whole.
    [[nodiscard]] virtual std::optional<std::string> next() = 0;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// What a client is told. A plain value.
struct Answer {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    HeaderList headers;                  ///< beyond those that every answer carries
    std::shared_ptr<BodyStream> stream;  ///< set: it supplies the body, for as long as it lives
};

[[nodiscard]] Answer json_answer(int status, const Json& body);

/// {"error": message, "code": code}. Codes are stable; docs/http-api.md lists them.
[[nodiscard]] Answer error_answer(int status, std::string_view code, std::string_view message);

/// What a client is told of an error that is none of its business: nothing.
[[nodiscard]] Answer internal_error();

/// What every answer carries so that a browser does nothing with it but show our own page.
[[nodiscard]] const HeaderList& security_headers();

}  // namespace approvekit::web
