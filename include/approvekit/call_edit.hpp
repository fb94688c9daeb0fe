#pragma once

#include "approvekit/json.hpp"

#include <string>

namespace approvekit {

/// What a reviewer changed in a call's arguments before it ran. A plain value.
struct CallEdit {
    std::string reviewer;         ///< who approved the call with these changes; with several reviewers, the last one
    Json edits = Json::object();  ///< the new values, keyed by path: `{"args.body": "Dear Ada"}`

    /// A sentence for a language model: who changed what, and to what.
    [[nodiscard]] std::string text_for_model() const;
};

}  // namespace approvekit
