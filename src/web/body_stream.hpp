#pragma once

#include <optional>
#include <string>

namespace approvekit::web {

/// Supplies the body of an answer piece by piece. One thread asks it.
class BodyStream {
public:
    virtual ~BodyStream() = default;

    /// What to send next; nothing at the end. An empty text is nothing yet: it is asked again where the client is there
    /// still. Where it throws, the client is cut off, so that nobody takes a part for the whole.
    [[nodiscard]] virtual std::optional<std::string> next() = 0;
};

}  // namespace approvekit::web
