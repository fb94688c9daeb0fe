#include "web/secret.hpp"

#include <cstddef>

namespace approvekit::web {

bool same_digest(const Digest& left, const Digest& right) {
    unsigned difference = 0;
    for (std::size_t at = 0; at < left.size(); ++at)
        difference |= static_cast<unsigned>(left[at] ^ right[at]);
    return difference == 0;
}

bool same_secret(std::string_view left, std::string_view right) {
    return same_digest(digest_of(left), digest_of(right));
}

}  // namespace approvekit::web
