# What a robot needs of ddpg, and find_package(ddpg COMPONENTS policy) with the target ddpg::policy.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
install(TARGETS ddpg_policy EXPORT ddpgPolicyTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ddpg_policy DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES include/ddpg_policy.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT ddpgPolicyTargets NAMESPACE ddpg:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
configure_package_config_file(cmake/ddpgConfig.cmake.in ${PROJECT_BINARY_DIR}/ddpgConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ddpgConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
configure_file(cmake/ddpg-policy.pc.in ${PROJECT_BINARY_DIR}/ddpg-policy.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ddpg-policy.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${PROJECT_BINARY_DIR}/ddpgConfig.cmake ${PROJECT_BINARY_DIR}/ddpgConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ddpg)
