#include "postgres/patience.hpp"

#include <algorithm>
#include <random>
#include <thread>

namespace approvekit::postgres {

void Patience::nap() {
    constexpr int longest = 250;
    thread_local std::minstd_rand random(std::random_device{}());
    const int most = std::min(10 << std::min(++naps_, 5), longest);
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(1, most)(random)));
}

}  // namespace approvekit::postgres
