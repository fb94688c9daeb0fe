#include "property.hpp"

#include <sodium.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

std::atomic<std::uint64_t> drawn = 0;

/// The random numbers start again with each input, so that an input that was found breaks its property again.
void draw(void* bytes, std::size_t size) {
    std::array<unsigned char, randombytes_SEEDBYTES> seed{};
    const std::uint64_t number = drawn++;
    std::memcpy(seed.data(), &number, sizeof number);
    randombytes_buf_deterministic(bytes, size, seed.data());
}

std::uint32_t draw_number() {
    std::uint32_t number = 0;
    draw(&number, sizeof number);
    return number;
}

randombytes_implementation repeatable{.implementation_name = [] { return "repeatable"; },
                                      .random = draw_number,
                                      .stir = nullptr,
                                      .uniform = nullptr,
                                      .buf = draw,
                                      .close = nullptr};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    return randombytes_set_implementation(&repeatable);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    drawn = 0;
    approvekit::fuzz::APPROVEKIT_PROPERTY({reinterpret_cast<const char*>(data), size});
    return 0;
}
