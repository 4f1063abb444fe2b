@ordering
Feature: Coupons
  A coupon lowers the total of an order. The price preview and the order show the same total.
  Some scenarios begin with an unrelated order. The last step checks that it has not changed. The second payment method
  is the second one in the shop's profile, the file that says what the names in the features mean.

  Background:
    Given Christina has signed in

  Rule: A coupon lowers the total of the price preview and of the order

    Scenario: A coupon lowers the total of a price preview
      Given Christina has ordered 1 "Product 14" with the second payment method
      When Christina previews the price of 3 "Product 4" with the coupon "spring"
      Then the preview shows the price of each product and their sum before the discount
      And the previewed total after the discount is lower than that sum
      And nothing has changed

    Scenario: An order with a coupon costs the previewed total
      Given Christina has previewed the price of 3 "Product 4" with the coupon "spring"
      When Christina orders 3 "Product 4" with the coupon "spring"
      Then the order's total is the previewed total after the discount
      And the order confirmation shows the ordered products, the payment method and the correct total
      And Christina sees the order as it was confirmed
      And nothing else has changed

    Scenario: Opening a payment session keeps the discounted total of an order
      Given Christina has ordered 2 "Product 14" with the coupon "spring"
      When Christina opens a payment session for the order
      Then the payment session is waiting for payment, as its payment method requires
      And the order's total after the discount is lower than the sum of its product prices
      And Christina sees the order as it was confirmed
      And nothing else has changed

  Rule: A price preview accepts only coupons that exist

    Scenario: A price preview with a coupon that does not exist is refused
      Given Christina has ordered 1 "Product 14"
      When Christina tries to preview the price of 1 "Product 14" with a coupon that does not exist
      Then the shop refuses the request as invalid
      And nothing has changed

  Rule: Some shops refuse orders with a coupon that does not exist
    OneEntry does not promise this.

    @undocumented @unpromised
    Scenario: Ordering with a coupon that does not exist is refused
      When Christina tries to order 1 "Product 14" with a coupon that does not exist
      Then the shop refuses the request
      And nothing has changed
