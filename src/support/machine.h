// What machine this is, for the record of a run and for honest refusals.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace ddpg {

std::string processor_name();  ///< "AMD EPYC 7B13", "unknown" where the system does not say
std::string system_name();     ///< kernel and machine, e.g. "Linux 6.1.0 x86_64"
std::string compiler_name();   ///< that built this library, e.g. "GCC 12.2.0"
int hardware_threads();        ///< that this process may run on (affinity), >= 1

std::size_t resident_memory();  ///< bytes of memory that this process occupies; 0: not known

/// Bytes that can be taken without swapping, limits of control groups (versions 1 and 2) and of addresses (ulimit -v)
/// included; 0: not known. `root` is where /proc and /sys are looked for; tests give a folder of their own.
std::size_t available_memory(const std::filesystem::path& root = "/");

}  // namespace ddpg
