#pragma once

#include "json/strict_reader.hpp"

#include <vector>

namespace approvekit {

/// Builds the value that a JSON text stands for. A key that stands twice in one object is refused.
class JsonValueBuilder final : public JsonSink {
public:
    void on_scalar(Json scalar, std::size_t offset) override;
    void on_object(std::size_t offset) override;
    void on_array(std::size_t offset) override;
    void on_end() override;
    [[nodiscard]] bool on_key(std::string key, std::size_t offset) override;

    /// Moves the value out, once it is complete.
    [[nodiscard]] Json take() { return std::move(root_); }

private:
    Json& place(Json value);

    Json root_;
    std::vector<Json*> open_;  // the containers that are not complete, outermost first
    Json* member_ = nullptr;   // where the value of the last key goes
};

}  // namespace approvekit
