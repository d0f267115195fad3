# `cmake --install` gives find_package(ddpg) with the targets ddpg::ddpg, ddpg::program and ddpg::policy.
include(cmake/install_policy.cmake)
install(TARGETS ddpg EXPORT ddpgTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ddpg DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_BINARY_DIR}/generated/ddpg/version.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ddpg)
if(DDPG_HAS_MUJOCO)  # its library goes along, found by the program from where it stands
  file(REAL_PATH ${DDPG_MUJOCO_LIBRARY} ddpg_mujoco_library)
  install(FILES ${ddpg_mujoco_library} DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${DDPG_MUJOCO_ROOT}/include/mujoco DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})  # for tasks of the user's own
  if(DDPG_BUILD_CLI)
    file(RELATIVE_PATH ddpg_to_libraries ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(ddpg_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${ddpg_to_libraries}")
  endif()
endif()
if(DDPG_BUILD_CLI)
  install(TARGETS ddpg_program EXPORT ddpgTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(TARGETS ddpg_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(EXPORT ddpgTargets NAMESPACE ddpg:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
