#include "effects.hpp"

#include "base/file_descriptor.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::testing {

void Effects::add(std::string_view call) const {
    const base::FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    const std::string line = std::string(call) + '\n';
    if (!file || ::write(file.get(), line.data(), line.size()) != static_cast<::ssize_t>(line.size()) ||
        ::fsync(file.get()) != 0) {
        throw std::system_error(errno, std::generic_category(), path_.string());
    }
}

std::map<std::string, int> Effects::read() const {
    std::map<std::string, int> effects;
    std::ifstream file(path_);
    for (std::string call; std::getline(file, call);)
        ++effects[call];
    return effects;
}

}  // namespace approvekit::testing
