#include "property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    approvekit::fuzz::APPROVEKIT_PROPERTY({reinterpret_cast<const char*>(data), size});
    return 0;
}
