# `cmake --install` gives find_package(ddpg) with the target ddpg::ddpg.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
install(TARGETS ddpg EXPORT ddpgTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ddpg DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_BINARY_DIR}/generated/ddpg/version.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ddpg)
if(DDPG_BUILD_CLI)
  install(TARGETS ddpg_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(EXPORT ddpgTargets NAMESPACE ddpg:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
configure_package_config_file(cmake/ddpgConfig.cmake.in ${PROJECT_BINARY_DIR}/ddpgConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ddpgConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ddpgConfig.cmake ${PROJECT_BINARY_DIR}/ddpgConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
