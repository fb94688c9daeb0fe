#include <approvekit/version.hpp>

int main() { return approvekit::version().empty() ? 1 : 0; }
