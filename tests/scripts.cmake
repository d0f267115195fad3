# The scripts among the tests, for ctest. What they test does not change with a sanitizer, so they run without one.
if(NOT DDPG_SANITIZE)
  add_test(NAME scripts.layering COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/layering.sh)
  add_test(NAME scripts.front_door COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/front_door.sh)
  add_test(NAME scripts.install COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/install.sh ${CMAKE_BINARY_DIR})
  add_test(NAME scripts.policy_library COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/policy_library.sh ${CMAKE_BINARY_DIR})
  add_test(NAME scripts.mujoco_dir COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/mujoco_dir.sh)
  set_tests_properties(scripts.layering scripts.front_door scripts.install scripts.policy_library scripts.mujoco_dir PROPERTIES LABELS scripts TIMEOUT 300)
endif()
