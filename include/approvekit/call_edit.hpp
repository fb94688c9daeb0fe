#pragma once

#include "approvekit/json.hpp"

#include <string>

namespace approvekit {

/// What a reviewer changed of a call's arguments before it ran (G16). A plain value.
struct CallEdit {
    std::string reviewer;         ///< who approved the call so; of several, the last one
    Json edits = Json::object();  ///< the new values by their paths: `{"args.body": "Dear Ada"}`

    /// A sentence for a language model: who changed what, and to what.
    [[nodiscard]] std::string text_for_model() const;
};

}  // namespace approvekit
