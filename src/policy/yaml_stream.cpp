#include "policy/yaml_stream.hpp"

#include <algorithm>

namespace approvekit::policy {

YamlStream::YamlStream(std::string_view text) : text_(text) {
    text_ += text.empty() || text.ends_with('\n') ? "...\n" : "\n...\n";
}

YamlStream::int_type YamlStream::underflow() {
    constexpr std::size_t bit = 4096;
    stopped_ = stopped_ || read_ - understood_ > most_unreported_bytes;
    if (stopped_ || read_ == text_.size()) return traits_type::eof();

    char* const next = text_.data() + read_;
    read_ += std::min(bit, text_.size() - read_);
    setg(text_.data(), next, text_.data() + read_);
    return traits_type::to_int_type(*next);
}

}  // namespace approvekit::policy
