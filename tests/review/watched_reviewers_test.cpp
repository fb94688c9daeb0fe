// The people in a file that is checked often: every change is seen, even one that the file's times do not show.
#include "review/watched_reviewers.hpp"

#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

using namespace approvekit;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view file_text = "reviewers:\n  - name: \"ann\"\n";

/// A file that is changed without a trace: the system notes only the time of the first write to a mapping.
class UnmarkedFile {
public:
    explicit UnmarkedFile(const std::filesystem::path& path) {
        std::ofstream(path) << file_text;
        const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        void* const start = ::mmap(nullptr, file_text.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        ::close(file);
        REQUIRE(start != MAP_FAILED);
        text_ = static_cast<char*>(start);
        replace("ann", "ann");
    }
    ~UnmarkedFile() { ::munmap(text_, file_text.size()); }
    UnmarkedFile(const UnmarkedFile&) = delete;
    UnmarkedFile& operator=(const UnmarkedFile&) = delete;

    void replace(std::string_view name, std::string_view other) const {
        char* const at = std::search(text_, text_ + file_text.size(), name.begin(), name.end());
        std::copy(other.begin(), other.end(), at);
    }

private:
    char* text_ = nullptr;
};

}  // namespace

TEST_CASE("H186 a change right behind a reading is seen, though it leaves the file's status as it was") {
    const TemporaryDirectory directory;
    const auto path = directory / "team.yaml";
    const UnmarkedFile file(path);
    ManualClock clock;
    review::WatchedReviewers watched(path, clock);
    REQUIRE(watched.now()->at(0).name == "ann");
    file.replace("ann", "bob");
    clock.advance(1h);
    CHECK(watched.now()->at(0).name == "bob");
}
