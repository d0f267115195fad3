# One set of flags for everything in this repository. -ffp-contract=off: a multiply and an add are fused only where the source says so
# (std::fma, hn::MulAdd), because results are promised to the bit on every processor.
add_library(ddpg_flags INTERFACE)
target_compile_options(ddpg_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wconversion -Wno-sign-conversion)
# not where several sources are compiled at once: it would warn of names in another one
target_compile_options(ddpg_flags INTERFACE $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # what GCC says of its own library once that is inlined: 12 of std::string (PR 105329, 105651), 14 of std::vector
  target_compile_options(ddpg_flags INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # what Clang says of std::stable_sort in GCC's library, which calls a function that C++17 took away
  target_compile_options(ddpg_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(DDPG_WARNINGS_ARE_ERRORS AND NOT DDPG_SANITIZE)  # under sanitizers GCC warns of what it made itself
  target_compile_options(ddpg_flags INTERFACE -Werror)
endif()
if(DDPG_FUZZ AND NOT DDPG_SANITIZE)
  set(DDPG_SANITIZE address,undefined,float-cast-overflow)
endif()
if(DDPG_SANITIZE)
  target_compile_options(ddpg_flags INTERFACE -fsanitize=${DDPG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ddpg_flags INTERFACE -fsanitize=${DDPG_SANITIZE})
endif()
if(DDPG_FUZZ)  # everything reports to the fuzzer where it has been
  target_compile_options(ddpg_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What reads options and writes reports and exports need not be fast to run, but quick to build: -O1 takes two thirds of the time of -O3.
function(ddpg_build_quickly target room)  # TARGET ROOM SOURCE ...: the room's sources, one by one or all at once
  set(files ${ARGN})
  if(DDPG_UNITY_BUILD)  # a source with options of its own would be compiled alone
    set(files ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/Unity/unity_${room}_cxx.cxx)
  endif()
  set_property(SOURCE ${files} APPEND PROPERTY COMPILE_OPTIONS $<$<CONFIG:Release>:-O1>)
endfunction()
