"""Reports on scenarios, their steps and HTTP exchanges: Allure results, HTML report, JUnit, failure texts."""
