#include "json/value_builder.hpp"

#include <utility>

namespace approvekit {

void JsonValueBuilder::on_scalar(Json scalar, std::size_t /*offset*/) {
    place(std::move(scalar));
}

void JsonValueBuilder::on_object(std::size_t /*offset*/) {
    open_.push_back(&place(Json::object()));
}

void JsonValueBuilder::on_array(std::size_t /*offset*/) {
    open_.push_back(&place(Json::array()));
}

void JsonValueBuilder::on_end() {
    open_.pop_back();
}

bool JsonValueBuilder::on_key(std::string key, std::size_t /*offset*/) {
    auto& members = open_.back()->get_ref<Json::object_t&>();
    const auto [member, is_new] = members.try_emplace(std::move(key));
    member_ = &member->second;
    return is_new;
}

Json& JsonValueBuilder::place(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    if (open_.back()->is_object()) return *member_ = std::move(value);
    return open_.back()->emplace_back(std::move(value));
}

}  // namespace approvekit
