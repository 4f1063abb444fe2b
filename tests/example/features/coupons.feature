@ordering
Feature: Coupons
  A coupon lowers the price of an order. The shop announces the same price that it asks for.

  Background:
    Given Christina has signed in

  Scenario: A coupon lowers the price
    When Christina asks what 3 "Product 4" would cost with the coupon "spring"
    Then the price is that of the products
    And the coupon lowers it
    And nothing else has changed

  Scenario: An order with a coupon costs what was announced
    Given Christina has asked what 3 "Product 4" would cost with the coupon "spring"
    When Christina orders 3 "Product 4" with the coupon "spring"
    Then the order costs what was announced
    And the order is confirmed as placed, at the price of its products
    And the order reads back as it was placed
    And nothing else has changed

  Scenario: A payment session asks for the price with the coupon
    Given Christina has ordered 2 "Product 14" with the coupon "spring"
    When Christina opens a payment session for the order
    Then the payment session waits for payment and leads to a checkout page if its account has one
    And nothing else has changed

  @undocumented @unpromised
  Scenario: A customer orders nothing with a coupon that does not exist
    When Christina tries to order 1 "Product 14" with a coupon that does not exist
    Then the shop refuses
    And nothing else has changed

  Scenario: The shop announces no price for a coupon that does not exist
    Given Christina has ordered 1 "Product 14"
    When Christina tries to see the price of 1 "Product 14" with a coupon that does not exist
    Then the shop finds a mistake in it
    And nothing else has changed
